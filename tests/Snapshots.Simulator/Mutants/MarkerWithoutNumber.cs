using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A marker takes no number of its own: the next message on the channel gets the same.</summary>
internal sealed class MarkerWithoutNumber(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
        var record = ToRecord();
        var channels = record.Outgoing.Select(channel => NewEntries(before, channel) is [.., { Content: MarkerContent<LedgerMessage> }]
            ? channel with { Last = new(channel.Last.Value - 1) }
            : channel).ToList();
        if (!channels.SequenceEqual(record.Outgoing)) Edit(record with { Outgoing = [.. channels] }, now);
    }
}
