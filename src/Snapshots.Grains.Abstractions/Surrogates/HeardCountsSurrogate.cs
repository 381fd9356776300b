using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="HeardCounts"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.heard-counts")]
internal struct HeardCountsSurrogate
{
    /// <summary>See <see cref="HeardCounts.Life"/>.</summary>
    [Id(0)]
    public long Life;

    /// <summary>See <see cref="HeardCounts.Count"/>.</summary>
    [Id(1)]
    public int Count;
}
