using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>What an acknowledgement says of recordings is lost, or is obeyed in the wrong order.</summary>
internal sealed class RecordingsMisheard(
    ProcessId id,
    IApplication<LedgerState, LedgerMessage> application,
    Profile profile,
    LedgerRecord? record,
    Instant now,
    RecordingsMisheard.Fault fault) : HostedProcess(id, application, profile, record, now)
{
    internal enum Fault
    {
        /// <summary>Nothing is heard.</summary>
        None,

        /// <summary>Only the newest recording is heard.</summary>
        Highest,

        /// <summary>The count is taken first, then the process records.</summary>
        Late,
    }

    public override void Receive(Acknowledgement acknowledgement, Instant now)
    {
        var recording = acknowledgement.Recording;
        base.Receive(
            acknowledgement with { Recording = fault == Fault.Highest && !recording.IsEmpty ? [recording.Max()] : [] }, now);
        if (fault != Fault.Late || acknowledgement.Epoch != Epoch) return;
        foreach (var snapshot in recording) base.Initiate(snapshot, now);
    }
}

/// <summary>A channel counts as marked although it owes the marker: the next message goes without it.</summary>
internal sealed class DebtForgotten(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
        var record = ToRecord();
        if (Profile.Markers != MarkerPolicy.Owed || record.Recordings.Length <= before.Recordings.Length) return;
        var last = record.Recordings.Max(each => each.Ordinal);
        Edit(record with { Outgoing = [.. record.Outgoing.Select(channel => channel with { MarkedUpTo = last })] }, now);
    }
}

/// <summary>Also a channel with messages that are not acknowledged only owes the marker.</summary>
internal sealed class TransitUnmarked(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
        var record = ToRecord();
        if (Profile.Markers != MarkerPolicy.Owed || record.Recordings.Length <= before.Recordings.Length) return;
        var changed = new HashSet<ProcessId>();
        var channels = record.Outgoing.Select(channel => Spoil(before, channel, changed)).ToList();
        if (changed.Count > 0) Edit(record with { Outgoing = [.. channels] }, now, changed);
    }

    private static OutgoingChannelRecord<LedgerMessage> Spoil(
        LedgerRecord before, OutgoingChannelRecord<LedgerMessage> channel, HashSet<ProcessId> changed)
    {
        var added = NewEntries(before, channel);
        if (added.IsEmpty || added.Any(entry => entry.Content is not MarkerContent<LedgerMessage>)) return channel;
        changed.Add(channel.Target);
        return channel with
        {
            Last = new(channel.Last.Value - added.Length),
            Unacknowledged = channel.Unacknowledged.RemoveRange(channel.Unacknowledged.Length - added.Length, added.Length),
            MarkedUpTo = before.Outgoing.FirstOrDefault(each => each.Target == channel.Target)?.MarkedUpTo ?? 0,
        };
    }
}
