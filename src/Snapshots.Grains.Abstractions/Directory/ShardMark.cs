using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Who was registered at a directory shard when it was marked, and who was at rest; see <see cref="RestView"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.shard-mark")]
public sealed class ShardMark
{
    /// <summary>Names the view at this activation of the shard, for <see cref="IDirectoryShard.ReadRestsAsync"/>.</summary>
    [Id(0)]
    public long View { get; init; }

    /// <summary>The epoch of the shard.</summary>
    [Id(1)]
    public Epoch Epoch { get; init; }

    /// <summary>How many processes are registered.</summary>
    [Id(2)]
    public int Members { get; init; }

    /// <summary>The first of them in ordinal order; <c>default</c> if there is none.</summary>
    [Id(3)]
    public ProcessId First { get; init; }

    /// <summary>Those that may be awake.</summary>
    [Id(4)]
    public ProcessId[] Awake { get; init; } = [];

    /// <summary>What those at rest have counted.</summary>
    [Id(5)]
    public RestSums Sums { get; init; }

    /// <summary>The versions of the rows of those at rest, by number; 0 where nobody is at rest.</summary>
    [Id(6)]
    public long[] Versions { get; init; } = [];
}
