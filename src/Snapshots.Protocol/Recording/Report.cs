namespace Snapshots.Protocol;

/// <summary>What a process tells the collector of one snapshot. Reports are idempotent and repeated until accepted.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the process; reports of different epochs must not be joined.</param>
/// <param name="Process">The process that reports.</param>
public abstract record Report(SnapshotNumber Snapshot, Epoch Epoch, ProcessId Process);
