using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>A snapshot was aborted before it could be read.</summary>
/// <param name="id">The snapshot.</param>
/// <param name="reason">Why it was aborted.</param>
public sealed class SnapshotAbortedException(SnapshotId id, string reason)
    : Exception($"the snapshot {id} was aborted: {reason}")
{
    /// <summary>The snapshot.</summary>
    public SnapshotId Id { get; } = id;
}
