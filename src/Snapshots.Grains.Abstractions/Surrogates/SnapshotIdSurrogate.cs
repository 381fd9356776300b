using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="SnapshotId"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.snapshot-id")]
internal struct SnapshotIdSurrogate
{
    /// <summary>The value; see <see cref="SnapshotId.Value"/>.</summary>
    [Id(0)]
    public string Value;
}
