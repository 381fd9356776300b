namespace Snapshots.Protocol;

/// <summary>Counts the channels that one part of a collection judges, as they change.</summary>
internal sealed class ChannelTotals
{
    private readonly HashSet<PartChannel> _open = [];
    private readonly HashSet<PartChannel> _broken = [];

    /// <summary>Channels between members.</summary>
    public int Known { get; private set; }

    /// <summary>Channels whose messages, or one of whose ends, are still to come.</summary>
    public int Open => _open.Count;

    /// <summary>Messages in the states of known channels.</summary>
    public long Messages { get; private set; }

    /// <summary>The receivers of the open channels, each once.</summary>
    public IEnumerable<ProcessId> Receivers => _open.Select(channel => channel.Id.Target).Distinct();

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
        Put(_open, channel, channel.IsOpen);
        Put(_broken, channel, channel.IsBroken);
    }

    private static void Put(HashSet<PartChannel> set, PartChannel channel, bool belongs)
    {
        if (belongs) set.Add(channel);
        else set.Remove(channel);
    }

    private static string Describe(PartChannel channel)
    {
        var (source, target) = channel.Id;
        var violations = Certificate.Check(new GlobalState<bool, bool>(
            [new ProcessState<bool>(source, State: true), new ProcessState<bool>(target, State: true)], [channel.ToState()]));
        return violations[0].ToString();
    }
}
