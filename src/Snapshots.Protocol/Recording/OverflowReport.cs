namespace Snapshots.Protocol;

/// <summary>
/// A recording has outgrown <see cref="ProtocolLimits.MaxRecordedMessages"/>: the snapshot cannot complete and is to be
/// aborted.
/// </summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the process.</param>
/// <param name="Process">The process whose recording has outgrown its limit.</param>
/// <param name="Limit">The limit, in messages.</param>
public sealed record OverflowReport(SnapshotNumber Snapshot, Epoch Epoch, ProcessId Process, int Limit)
    : Report(Snapshot, Epoch, Process)
{
    /// <inheritdoc/>
    public override ReportKey Key => new(ReportKind.Overflow, Snapshot, Epoch, default);
}
