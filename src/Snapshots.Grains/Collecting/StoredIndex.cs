using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>What the index keeps.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-index")]
public sealed class StoredIndex
{
    /// <summary>The history since the last restore, from 1.</summary>
    [Id(0)]
    public long Epoch { get; set; } = 1;

    /// <summary>The highest number given out.</summary>
    [Id(1)]
    public long Highest { get; set; }

    /// <summary>The snapshots that are kept, oldest first; an open one is always among them.</summary>
    [Id(2)]
    public ImmutableArray<SnapshotSummary> Snapshots { get; set; } = [];

    /// <summary>Snapshots that are kept no longer, and whose rows may still be there.</summary>
    [Id(3)]
    public ImmutableArray<long> Dropped { get; set; } = [];
}
