using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A cut tells the numbers of frames, markers of other snapshots included, in the place of counts of messages.
/// </summary>
internal sealed class CutsInFrameNumbers(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    private readonly Dictionary<SnapshotNumber, LocalReport<LedgerState>> _told = [];

    public override LedgerEffects TakeEffects()
    {
        var effects = base.TakeEffects();
        return effects with { Reports = [.. effects.Reports.Select(Spoil)] };
    }

    public override IEnumerable<Report> UnacceptedReports() => base.UnacceptedReports().Select(Spoil);

    private Report Spoil(Report report)
    {
        if (report is not LocalReport<LedgerState> local) return report;
        if (_told.TryGetValue(report.Snapshot, out var told)) return told;
        var record = ToRecord();
        told = local with
        {
            Sent = [.. local.Sent.Select(count => count with { Count = new(FramesBefore(record, count.Peer, local.Snapshot) ?? count.Count.Value) })],
            Delivered = [.. local.Delivered.Select(count => count with { Count = new(FramesDelivered(record, count.Peer, local.Snapshot)) })],
        };
        _told.Add(report.Snapshot, told);
        return told;
    }

    private static long? FramesBefore(LedgerRecord record, ProcessId target, SnapshotNumber snapshot) => record.Outgoing
        .First(channel => channel.Target == target).Unacknowledged
        .FirstOrDefault(entry => entry.Content is MarkerContent<LedgerMessage> marker && marker.Snapshot == snapshot)?.First.Value - 1;

    private static long FramesDelivered(LedgerRecord record, ProcessId source, SnapshotNumber snapshot)
    {
        var isMarkerPassed = record.Recordings.FirstOrDefault(each => each.Snapshot == snapshot)?.Channels
            .Any(channel => channel.Source == source && channel.Status != ChannelRecordingStatus.Recording) == true;
        return record.Incoming.First(channel => channel.Source == source).Delivered.Value - (isMarkerPassed ? 1 : 0);
    }
}
