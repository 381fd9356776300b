using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A channel that opens after the cut does not begin with the markers of the open snapshots.</summary>
internal sealed class NoMarkerOnNewChannel(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
        var record = ToRecord();
        if (before.Outgoing.Length == record.Outgoing.Length || before.Recordings.IsEmpty) return;
        var opened = record.Outgoing.Select(channel => channel.Target).Except(before.Outgoing.Select(channel => channel.Target)).ToHashSet();
        Edit(record with { Outgoing = [.. record.Outgoing.Select(channel => opened.Contains(channel.Target) ? WithoutMarkers(channel) : channel)] }, now, opened);
    }

    private static OutgoingChannelRecord<LedgerMessage> WithoutMarkers(OutgoingChannelRecord<LedgerMessage> channel)
    {
        var number = channel.Acknowledged;
        var kept = new List<OutboxEntry<LedgerMessage>>();
        foreach (var entry in channel.Unacknowledged)
        {
            if (entry.Content is MarkerContent<LedgerMessage>) continue;
            number = number.Next;
            kept.Add(entry with { First = number, Last = number });
        }

        return channel with { Last = number, Unacknowledged = [.. kept] };
    }
}
