using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="SnapshotNumber"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.snapshot-number")]
internal struct SnapshotNumberSurrogate
{
    /// <summary>The value; see <see cref="SnapshotNumber.Value"/>.</summary>
    [Id(0)]
    public long Value;
}
