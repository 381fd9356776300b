using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Some registered processes, as their shard stores them.</summary>
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

    /// <summary>How many of them a message has brought into being.</summary>
    [Id(2)]
    public int ByMessage { get; set; }

    internal static StoredDirectoryPage Of(ShardPage page) => new()
    {
        GrainType = page.Kind,
        Processes = [.. page.Processes.Select(process => process.Value)],
        ByMessage = page.ByMessage,
    };

    internal ShardPage ToPage() => new(GrainType, [.. Processes.Select(process => new ProcessId(process))], ByMessage);
}

/// <summary>What a shard stores of restores; see <see cref="ShardHead"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-shard-head")]
public sealed class StoredShardHead
{
    /// <summary>The gate.</summary>
    [Id(0)]
    public Gate Gate { get; set; }

    /// <summary>How many of the first registered processes get a part in this epoch.</summary>
    [Id(1)]
    public int Members { get; set; }

    /// <summary>Whether some of them may still be without their part.</summary>
    [Id(2)]
    public bool IsApplying { get; set; }

    /// <summary>What was restored, once all have it.</summary>
    [Id(3)]
    public RestoreCounts Counts { get; set; }

    /// <summary>How many of the first registered processes had to close before.</summary>
    [Id(4)]
    public int Closed { get; set; }

    internal static StoredShardHead Of(ShardHead head) =>
        new() { Gate = head.Gate, Members = head.Members, IsApplying = head.IsApplying, Counts = head.Counts, Closed = head.Closed };

    internal ShardHead ToHead() => new(Gate, Members, IsApplying, Counts) { Closed = Closed };
}

/// <summary>Some processes that have frames under way, as their shard stores them.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-unfinished")]
public sealed class StoredUnfinished
{
    /// <summary>The processes, in ordinal order.</summary>
    [Id(0)]
    public ImmutableArray<string> Processes { get; set; } = [];

    /// <summary>The token of each, at the same place.</summary>
    [Id(1)]
    public ImmutableArray<long> Listings { get; set; } = [];

    /// <summary>How many pages of the directory were stored before.</summary>
    [Id(2)]
    public int Pages { get; set; }

    internal static StoredUnfinished Of(RegistryRow row) => new()
    {
        Processes = [.. row.Tokens.Select(pair => pair.Process.Value)],
        Listings = [.. row.Tokens.Select(pair => pair.Token.Value)],
        Pages = row.Pages,
    };

    internal RegistryRow ToRow() =>
        new(Pages, [.. Processes.Zip(Listings, (process, token) => (new ProcessId(process), new WorkToken(token)))]);
}
