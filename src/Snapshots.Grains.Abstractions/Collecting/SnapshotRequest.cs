using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wish for a snapshot.</summary>
/// <param name="Id">Its name; the same name twice is the same snapshot.</param>
/// <param name="Initiator">The process that records first, or <c>default</c> for any.</param>
/// <param name="Timeout">After which time it is aborted, with what was missing as the reason.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.snapshot-request")]
public sealed record SnapshotRequest(
    [property: Id(0)] SnapshotId Id,
    [property: Id(1)] ProcessId Initiator,
    [property: Id(2)] TimeSpan Timeout);
