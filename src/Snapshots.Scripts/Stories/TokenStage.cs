namespace Snapshots.Scripts;

/// <summary>Two processes, one snapshot, and a naive reader; every event is written down as it happens.</summary>
internal sealed class TokenStage
{
    private static readonly SnapshotNumber TheSnapshot = new(1);

    private readonly GatedSystem<TokenState, TokenMessage> _system = new(TokenApplication.Instance);
    private readonly ImmutableArray<string> _colours;
    private readonly List<string> _events = [];
    private readonly List<string> _naivelySeen = [];
    private readonly HashSet<ChannelId> _closed = [];

    public TokenStage(ImmutableArray<string> tokensOfP, ImmutableArray<string> tokensOfQ)
    {
        _colours = [.. tokensOfP, .. tokensOfQ];
        Open(P, tokensOfP);
        Open(Q, tokensOfQ);
        _system.OpenChannel(new(P, Q));
        _system.OpenChannel(new(Q, P));
    }

    public ProcessId P { get; } = new("P");

    public ProcessId Q { get; } = new("Q");

    public void Send(ProcessId source, ProcessId target, string colour)
    {
        _system.Apply(source, TokenApplication.Send(_system.StateOf(source), target, colour, 1));
        _events.Add($"{source} sends {colour} to {target}");
    }

    public void StartSnapshot(ProcessId process)
    {
        _system.Initiate(TheSnapshot, process);
        _events.Add($"{process} starts a snapshot: it records {Holdings(process)}, and its marker leaves");
    }

    public void ReadNaively(ProcessId process)
    {
        _naivelySeen.AddRange(Seen(_system.StateOf(process)));
        _events.Add($"the naive reader reads {process}: {Holdings(process)}");
    }

    public void Deliver(ProcessId source, ProcessId target)
    {
        var hadRecorded = HasRecorded(target);
        var channel = new ChannelId(source, target);
        var frame = _system.Deliver(channel) ?? throw new InvalidOperationException($"nothing waits on {channel}");
        var isOpen = !_closed.Contains(channel);
        if (frame.Content is MarkerContent<TokenMessage>) _closed.Add(channel);
        _events.Add(frame.Content switch
        {
            MessageContent<TokenMessage> { Message.Colour: var colour } when hadRecorded && isOpen =>
                $"{colour} reaches {target}, after its cut and before the marker of {source}: it was in the channel",
            MessageContent<TokenMessage> { Message.Colour: var colour } => $"{colour} reaches {target}",
            _ when !hadRecorded =>
                $"the marker of {source} reaches {target}: it records {Holdings(target)}, and its marker leaves",
            _ => $"the marker of {source} reaches {target}: the channel is recorded",
        });
    }

    public TokenSchedule Finish(string title)
    {
        var reading = _system.Snapshot(TheSnapshot).ToReading();
        if (!reading.IsComplete) throw new InvalidOperationException("the schedule ended before its snapshot");
        ImmutableArray<TokenPlace> places =
        [
            .. reading.Recorded.Processes.SelectMany(process => process.State.Held.Select(pair =>
                new TokenPlace(pair.Key, pair.Value, process.Id.Value, InChannel: false))),
            .. reading.Recorded.Channels.SelectMany(channel => channel.Messages.Select(numbered =>
                InTransit(channel.Channel, numbered.Message))),
        ];
        var held = Count(Seen(_system.StateOf(P)).Concat(Seen(_system.StateOf(Q))));
        return new(
            title,
            [.. _events],
            Count(_naivelySeen),
            Count(places.SelectMany(place => Enumerable.Repeat(place.Colour, checked((int)place.Amount)))),
            places,
            held.Count == _colours.Length && held.Values.All(count => count == 1));
    }

    private void Open(ProcessId process, ImmutableArray<string> colours)
    {
        _system.OpenProcess(process, colours.Aggregate(TokenState.None, (state, colour) => state.Issue(colour, 1)));
        _events.Add($"{process} holds {Holdings(process)}");
    }

    private static TokenPlace InTransit(ChannelId channel, TokenMessage message) =>
        new(message.Colour, message.Amount, channel.ToString(), InChannel: true);

    private bool HasRecorded(ProcessId process) =>
        _system.HasBegun(TheSnapshot) && _system.Snapshot(TheSnapshot).HasRecorded(process);

    private string Holdings(ProcessId process)
    {
        var held = Seen(_system.StateOf(process)).ToList();
        return held.Count == 0 ? "nothing" : string.Join(", ", held);
    }

    /// <summary>Returns a colour for each token, in the order of the story.</summary>
    private IEnumerable<string> Seen(TokenState state) =>
        _colours.SelectMany(colour => Enumerable.Repeat(colour, checked((int)state.Of(colour))));

    private ImmutableSortedDictionary<string, long> Count(IEnumerable<string> seen)
    {
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var colour in _colours) counts[colour] = 0;
        foreach (var colour in seen) counts[colour] = counts.GetValueOrDefault(colour) + 1;
        return counts.ToImmutable();
    }
}
