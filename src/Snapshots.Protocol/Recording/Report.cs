namespace Snapshots.Protocol;

/// <summary>
/// What a process tells the collector of one snapshot. Reports are idempotent and repeated until accepted.
/// </summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the process; reports of different epochs must not be joined.</param>
/// <param name="Process">The process that reports.</param>
public abstract record Report(SnapshotNumber Snapshot, Epoch Epoch, ProcessId Process)
{
    /// <summary>What makes it the same report as another one of its process.</summary>
    public abstract ReportKey Key { get; }

    /// <summary>
    /// Whether the process has rested before. If it has, and its shard did not name it among those that may be awake, it was
    /// at rest when the shard was marked, and the shard has its state. If it has not, it is a newcomer.
    /// </summary>
    public bool HasRested { get; init; }
}

/// <summary>
/// Names one report of one process: two reports with the same name are the same report. A receipt is such a name.
/// </summary>
/// <param name="Kind">The kind of report.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the report.</param>
/// <param name="Source">The channel's source in the report of a channel; <c>default</c> otherwise.</param>
public readonly record struct ReportKey(ReportKind Kind, SnapshotNumber Snapshot, Epoch Epoch, ProcessId Source);

/// <summary>The kinds of reports.</summary>
public enum ReportKind
{
    /// <summary>A local state with its counts.</summary>
    Local = 0,

    /// <summary>The state of one channel.</summary>
    Channel = 1,

    /// <summary>A recording that has outgrown its limit.</summary>
    Overflow = 2,
}

