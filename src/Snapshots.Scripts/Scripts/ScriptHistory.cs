using Snapshots.Diagrams;

namespace Snapshots.Scripts;

/// <summary>Collects what happens while a script runs, for a picture or a log.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="title">The title of the picture.</param>
public sealed class ScriptHistory<TState, TMessage>(string title)
{
    private readonly SpaceTimeBuilder _builder = new(title);
    private readonly Dictionary<ChannelId, Queue<int>> _underWay = [];
    private readonly Dictionary<ChannelId, List<int>> _messages = [];
    private readonly List<(SnapshotId Snapshot, List<int> Records, HashSet<ProcessId> Recorded)> _cuts = [];

    internal bool IsFull => _builder.IsFull;

    /// <summary>Returns the run for a picture or a log, with the cuts of its result.</summary>
    public SpaceTime ToSpaceTime(ReplayResult<TState, TMessage> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return _builder.Build(_cuts.Select(cut => ToCut(
            cut.Records, result.Snapshots.First(snapshot => snapshot.Id == cut.Snapshot))));
    }

    internal void Open(ProcessId process)
    {
        if (_builder.Count > 0) _builder.Add(process.Value, DiagramEventKind.Start, "appears");
        else _builder.Process(process.Value);
    }

    internal void NextStep() => _builder.NextStep();

    internal bool HasRecorded(ProcessId process, SnapshotId snapshot) =>
        _cuts.Exists(cut => cut.Snapshot == snapshot && cut.Recorded.Contains(process));

    internal void Record(ProcessId process, SnapshotId snapshot, SnapshotNumber number)
    {
        if (number.Value > _cuts.Count) _cuts.Add((snapshot, [], []));
        var cut = _cuts[(int)number.Value - 1];
        cut.Recorded.Add(process);
        cut.Records.Add(_builder.Add(process.Value, DiagramEventKind.Record, $"records {snapshot}"));
    }

    internal void Send(Frame<TMessage> frame, ScriptApplication<TState, TMessage> application)
    {
        if (WordsOf(frame, application) is not { } text) return;
        var (source, target) = (frame.Channel.Source.Value, frame.Channel.Target.Value);
        var cut = (frame.Content as MarkerContent<TMessage>)?.Snapshot.Value - 1;
        var words = $"{(cut is null ? string.Empty : "marker ")}{text}";
        var sent = _builder.Add(source, DiagramEventKind.Send, $"sends {words} to {target}");
        var place = _builder.Add(new DiagramFrame(sent, _builder.Process(target), Target: null, text)
        {
            IsMarker = cut is not null,
            Cut = (int?)cut,
        });
        Of(_underWay, frame.Channel).Enqueue(place);
        if (cut is null) Of(_messages, frame.Channel).Add(place);
    }

    internal void Deliver(Frame<TMessage> frame, ScriptApplication<TState, TMessage> application)
    {
        if (WordsOf(frame, application) is not { } text) return;
        var words = $"{(frame.Content is MarkerContent<TMessage> ? "marker " : string.Empty)}{text}";
        var arrival = _builder.Add(
            frame.Channel.Target.Value, DiagramEventKind.Delivery, $"delivers {words} from {frame.Channel.Source}");
        var place = _underWay[frame.Channel].Dequeue();
        _builder.Replace(place, _builder.Frame(place) with { Target = arrival });
    }

    private static T Of<T>(Dictionary<ChannelId, T> channels, ChannelId channel)
        where T : new() =>
        channels.TryGetValue(channel, out var found) ? found : channels[channel] = new();

    /// <summary>What a frame carries: the message, or the name of the snapshot; null for neither.</summary>
    private string? WordsOf(Frame<TMessage> frame, ScriptApplication<TState, TMessage> application) =>
        frame.Content switch
        {
            MessageContent<TMessage> { Message: var message } => application.Describe(message),
            MarkerContent<TMessage> { Snapshot: var number } => _cuts[(int)number.Value - 1].Snapshot.Value,
            _ => null,
        };

    private DiagramCut ToCut(List<int> records, ReplaySnapshot<TState, TMessage> snapshot) =>
        new(snapshot.Id.Value, [.. records], [.. InTransit(snapshot)])
        {
            IsRunning = !snapshot.IsComplete,
            WaitingFor = [.. snapshot.Progress.WaitingFor.Where(Identifier.IsValid).Select(_builder.Process)],
        };

    private IEnumerable<int> InTransit(ReplaySnapshot<TState, TMessage> snapshot) =>
        from channel in snapshot.State?.Channels ?? []
        from message in channel.Messages
        select _messages[channel.Channel][(int)message.Number.Value - 1];
}
