using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>Some registered processes, as their shard keeps them.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-directory-page")]
public sealed class StoredDirectoryPage
{
    /// <summary>The type of the grains that host them.</summary>
    [Id(0)]
    public string GrainType { get; set; } = string.Empty;

    /// <summary>The processes, in the order of registration.</summary>
    [Id(1)]
    public ImmutableArray<string> Processes { get; set; } = [];
}
