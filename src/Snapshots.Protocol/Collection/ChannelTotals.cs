namespace Snapshots.Protocol;

/// <summary>Counts the channels that one part of a collection judges, as they change.</summary>
internal sealed class ChannelTotals
{
    private readonly HashSet<PartChannel> _open = [];
    private readonly HashSet<PartChannel> _broken = [];

    /// <summary>For each end of an open channel, how many it has.</summary>
    private readonly Dictionary<ProcessId, int> _ends = [];

    /// <summary>Channels between members.</summary>
    public int Known { get; private set; }

    /// <summary>Channels whose messages, or one of whose ends, are still to come.</summary>
    public int Open => _open.Count;

    /// <summary>Messages in the states of known channels.</summary>
    public long Messages { get; private set; }

    /// <summary>The senders and receivers of the open channels, each once.</summary>
    public IEnumerable<ProcessId> Ends => _ends.Keys;

    /// <summary>Whether an open channel leads from or to the process.</summary>
    public bool IsEnd(ProcessId process) => _ends.ContainsKey(process);

    /// <summary>The names of the open channels, in order.</summary>
    public IEnumerable<string> OpenNames => _open.Select(channel => channel.Id).Order().Select(channel => channel.ToString());

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
        if (Put(_open, channel, channel.IsOpen))
        {
            Count(channel.Id.Source, channel.IsOpen);
            Count(channel.Id.Target, channel.IsOpen);
        }

        Put(_broken, channel, channel.IsBroken);
    }

    /// <summary>Whether the set has changed.</summary>
    private static bool Put(HashSet<PartChannel> set, PartChannel channel, bool belongs) => belongs ? set.Add(channel) : set.Remove(channel);

    private void Count(ProcessId end, bool isOpen)
    {
        var count = _ends.GetValueOrDefault(end) + (isOpen ? 1 : -1);
        if (count > 0) _ends[end] = count;
        else _ends.Remove(end);
    }

    private static string Describe(PartChannel channel)
    {
        var (source, target) = channel.Id;
        var violations = Certificate.Check(new GlobalState<bool, bool>(
            [new ProcessState<bool>(source, State: true), new ProcessState<bool>(target, State: true)], [channel.ToState()]));
        return violations[0].ToString();
    }
}
