using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>Some processes that have frames under way, as their shard keeps them.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-unfinished")]
public sealed class StoredUnfinished
{
    /// <summary>The processes, in ordinal order.</summary>
    [Id(0)]
    public ImmutableArray<string> Processes { get; set; } = [];

    /// <summary>The listing of each, at the same place.</summary>
    [Id(1)]
    public ImmutableArray<long> Listings { get; set; } = [];
}
