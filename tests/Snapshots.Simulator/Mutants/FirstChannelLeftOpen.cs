using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The channel that brought the first marker goes on being recorded.</summary>
internal sealed class FirstChannelLeftOpen(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
        if (frame is not { Content: MarkerContent<LedgerMessage> marker }) return;
        var record = ToRecord();
        if (before.Recordings.Any(each => each.Snapshot == marker.Snapshot) || record.Recordings.All(each => each.Snapshot != marker.Snapshot)) return;
        Edit(
            WithRecordings(record, (snapshot, channel) => snapshot == marker.Snapshot && channel.Source == frame.Channel.Source
                ? channel with { Status = ChannelRecordingStatus.Recording }
                : channel),
            now);
    }
}
