using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// The cuts of processes at rest, which their shards have reported: in the trace they are cuts of the processes. One that
/// is awake again records the snapshot, too, and must record the same.
/// </summary>
internal sealed class Rests(World world)
{
    private readonly Dictionary<(ProcessId Process, SnapshotNumber Snapshot), LocalReport<LedgerState>> _handed = [];

    /// <summary>A part takes what a shard has reported.</summary>
    public void Hand(LocalReport<LedgerState> report)
    {
        if (world.Office.Announcement.HasEnded(report.Snapshot) || !_handed.TryAdd((report.Process, report.Snapshot), report)) return;
        world.Sightings.Add(Sighting.ReportsAtRest);
        var own = world.Trace.Events.OfType<CutStep<LedgerState, LedgerMessage>>()
            .FirstOrDefault(cut => !cut.IsLost && cut.Report.Process == report.Process && cut.Report.Snapshot == report.Snapshot);
        if (own is not null && IsSame(own.Report, report)) own.IsHanded = true;
        else world.Record(new CutStep<LedgerState, LedgerMessage>(report) { Epoch = report.Epoch, IsHanded = true });
    }

    /// <summary>Whether a shard has reported just this.</summary>
    public bool Has(LocalReport<LedgerState> report)
    {
        if (!_handed.TryGetValue((report.Process, report.Snapshot), out var handed)) return false;
        world.Sightings.Add(Sighting.AwakeInsideSnapshots);
        return IsSame(handed, report);
    }

    private static bool IsSame(LocalReport<LedgerState> left, LocalReport<LedgerState> right) =>
        left.Epoch == right.Epoch
        && left.State.Equals(right.State)
        && left.Sent.AsSpan().SequenceEqual(right.Sent.AsSpan())
        && left.Delivered.AsSpan().SequenceEqual(right.Delivered.AsSpan());
}
