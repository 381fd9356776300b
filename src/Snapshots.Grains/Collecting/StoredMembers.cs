using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>Some of the members with which a snapshot began.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-members")]
public sealed class StoredMembers
{
    /// <summary>The members.</summary>
    [Id(0)]
    public ImmutableArray<string> Processes { get; set; } = [];
}
