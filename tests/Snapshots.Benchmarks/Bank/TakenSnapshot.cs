using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>A snapshot that has ended.</summary>
/// <param name="View">What the cluster says of it.</param>
/// <param name="Waited">From its begin until the caller knew of its end.</param>
internal sealed record TakenSnapshot(SnapshotView View, TimeSpan Waited)
{
    /// <summary>From its begin to its end, by the cluster's clock.</summary>
    public double DurationMs =>
        ((View.Summary.EndedAt ?? View.Summary.StartedAt) - View.Summary.StartedAt).TotalMilliseconds;
}
