using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The collector's word that one report is persisted.</summary>
/// <param name="Kind">Which kind of report.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the report.</param>
/// <param name="Source">A channel report's source; <c>default</c> otherwise.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.report-receipt")]
public sealed record ReportReceipt(
    [property: Id(0)] ReportKind Kind,
    [property: Id(1)] SnapshotNumber Snapshot,
    [property: Id(2)] Epoch Epoch,
    [property: Id(3)] ProcessId Source);
