using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>A snapshot with its progress.</summary>
/// <param name="Summary">The snapshot in a line.</param>
/// <param name="Progress">How much is there, and what it waits for; of an aborted one, when it was given up.</param>
/// <param name="Parts">Into how many parts it is split, which keep its members and reports; 0 until that is decided.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.snapshot-view")]
public sealed record SnapshotView(
    [property: Id(0)] SnapshotSummary Summary,
    [property: Id(1)] CollectionProgress Progress,
    [property: Id(2)] int Parts);
