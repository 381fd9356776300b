using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>An incoming channel that appears after the cut is not recorded.</summary>
internal sealed class UnknownChannelNotRecorded(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
        var record = ToRecord();
        if (before.Recordings.IsEmpty || before.Incoming.Length == record.Incoming.Length) return;
        Edit(
            WithRecordings(record, (snapshot, channel) => before.Recordings.Any(each => each.Snapshot == snapshot)
                && before.Incoming.All(each => each.Source != channel.Source)
                    ? channel with { Status = ChannelRecordingStatus.Settled, Messages = [] }
                    : channel),
            now);
    }
}
