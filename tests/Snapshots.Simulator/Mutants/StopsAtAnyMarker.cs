using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The first marker of any snapshot on a channel closes it for all recordings.</summary>
internal sealed class StopsAtAnyMarker(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
        if (frame is not { Content: MarkerContent<LedgerMessage> marker }) return;
        var delivered = before.Incoming.FirstOrDefault(channel => channel.Source == frame.Channel.Source)?.Delivered ?? default;
        if (frame.First != delivered.Next || IncomingFrom(frame.Channel.Source)?.Delivered == delivered) return;
        Edit(
            WithRecordings(ToRecord(), (snapshot, channel) => snapshot == marker.Snapshot
                || channel.Source != frame.Channel.Source
                || channel.Status != ChannelRecordingStatus.Recording
                    ? channel
                    : channel with { Status = channel.Messages.IsEmpty ? ChannelRecordingStatus.Settled : ChannelRecordingStatus.Closed }),
            now);
    }
}
