namespace Snapshots.Protocol;

/// <summary>Counts the channels that one part of a collection judges, as they change.</summary>
internal sealed class ChannelTotals
{
    private readonly List<PartChannel> _open = [];
    private readonly HashSet<PartChannel> _broken = [];

    /// <summary>The ends of the open channels; none if a channel was opened or closed since they were put together.</summary>
    private HashSet<ProcessId>? _ends;

    /// <summary>Channels between members.</summary>
    public int Known { get; private set; }

    /// <summary>Channels whose messages, or one of whose ends, are still to come.</summary>
    public int Open => _open.Count;

    /// <summary>Messages in the states of known channels.</summary>
    public long Messages { get; private set; }

    /// <summary>The senders and receivers of the open channels, each once.</summary>
    public IEnumerable<ProcessId> Ends =>
        _open.SelectMany(channel => new[] { channel.Id.Source, channel.Id.Target }).Distinct();

    /// <summary>
    /// Whether an open channel leads from or to the process. A change of a channel makes the next question dear, and
    /// only that one: many are asked together.
    /// </summary>
    public bool IsEnd(ProcessId process) => (_ends ??= [.. Ends]).Contains(process);

    /// <summary>The names of the first open channels, in order.</summary>
    public IEnumerable<string> FirstOpen(int limit) =>
        _open.Select(channel => channel.Id).Order().Take(limit).Select(channel => channel.ToString());

    /// <summary>The first channel that breaks the certificate, and how; empty if none does.</summary>
    public string Violation => _broken.MinBy(channel => channel.Id) is { } broken ? Describe(broken) : string.Empty;

    /// <summary>Something that the channel depends on may have changed.</summary>
    public void Update(PartChannel channel)
    {
        if (channel.Target is null) return; // The part of its target judges it.
        var (wasKnown, messages) = channel.Counted;
        channel.Counted = (channel.IsKnown, channel.KnownMessages);
        Known += (channel.Counted.IsKnown ? 1 : 0) - (wasKnown ? 1 : 0);
        Messages += channel.Counted.Messages - messages;
        if (channel.IsOpen) PutIn(channel);
        else TakeOut(channel);
        if (channel.IsBroken) _broken.Add(channel);
        else if (_broken.Count > 0) _broken.Remove(channel);
    }

    private void PutIn(PartChannel channel)
    {
        if (channel.PlaceAmongOpen is not null) return;
        channel.PlaceAmongOpen = _open.Count;
        _open.Add(channel);
        _ends = null;
    }

    /// <summary>The last one takes its place. No hash is computed: there are many channels, and each comes and goes.</summary>
    private void TakeOut(PartChannel channel)
    {
        if (channel.PlaceAmongOpen is not { } place) return;
        var last = _open[^1];
        _open[place] = last;
        last.PlaceAmongOpen = place;
        channel.PlaceAmongOpen = null;
        _open.RemoveAt(_open.Count - 1);
        _ends = null;
    }

    private static string Describe(PartChannel channel)
    {
        var (source, target) = channel.Id;
        var violations = Certificate.Check(new GlobalState<bool, bool>(
            [new ProcessState<bool>(source, State: true), new ProcessState<bool>(target, State: true)], [channel.ToState()]));
        return violations[0].ToString();
    }
}
