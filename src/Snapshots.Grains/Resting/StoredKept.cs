using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The processes of a directory shard as one snapshot has them, stored and on the wire; see <see cref="KeptRests"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.stored-kept")]
public sealed class StoredKept
{
    /// <summary>Names it; 0 if nobody is at rest.</summary>
    [Id(0)]
    public long Number { get; set; }

    /// <summary>The epoch.</summary>
    [Id(1)]
    public long Epoch { get; set; }

    /// <summary>The first registered process; empty if there is none.</summary>
    [Id(2)]
    public string First { get; set; } = string.Empty;

    /// <summary>Those that may be awake.</summary>
    [Id(3)]
    public ImmutableArray<string> Awake { get; set; } = [];

    /// <summary>What those at rest have counted.</summary>
    [Id(4)]
    public RestSums Sums { get; set; }

    /// <summary>The versions of the rows.</summary>
    [Id(5)]
    public ImmutableArray<long> Versions { get; set; } = [];

    /// <summary>The numbers of the copies of the rows.</summary>
    [Id(6)]
    public ImmutableArray<long> Copies { get; set; } = [];

    /// <summary>About what the copies take that were made for it, in bytes; 0 in the storage.</summary>
    [Id(7)]
    public long Bytes { get; set; }

    internal static StoredKept Of(KeptRests kept) => new()
    {
        Number = kept.Number,
        Epoch = kept.Epoch.Value,
        First = kept.First.Value,
        Awake = [.. kept.Awake.Select(process => process.Value)],
        Sums = kept.Sums,
        Versions = [.. kept.Rows.Select(row => row.Version)],
        Copies = [.. kept.Rows.Select(row => row.Copy)],
        Bytes = kept.Bytes,
    };

    internal KeptRests ToKept() => new(
        Number,
        new(Epoch),
        First.Length == 0 ? default : new(First),
        [.. Awake.Select(name => new ProcessId(name))],
        Sums,
        [.. Versions.Select((version, row) => new KeptRow(version, Copies[row]))])
    {
        Bytes = Bytes,
    };
}

/// <summary>What a keeper stores in one row; see <see cref="KeeperRecord"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-keeper")]
public sealed class StoredKeeper
{
    /// <summary>The last number that was given out.</summary>
    [Id(0)]
    public long Last { get; set; }

    /// <summary>The snapshots.</summary>
    [Id(1)]
    public ImmutableArray<long> Snapshots { get; set; } = [];

    /// <summary>The number of each.</summary>
    [Id(2)]
    public ImmutableArray<long> Numbers { get; set; } = [];

    /// <summary>How far each is: 0 begun, 1 kept, 2 dropping.</summary>
    [Id(3)]
    public ImmutableArray<byte> Statuses { get; set; } = [];

    /// <summary>About what the copies take that were made for each, in bytes.</summary>
    [Id(4)]
    public ImmutableArray<long> Bytes { get; set; } = [];

    internal static StoredKeeper Of(KeeperRecord record) => new()
    {
        Last = record.Last,
        Snapshots = [.. record.Keeps.Select(keep => keep.Snapshot.Value)],
        Numbers = [.. record.Keeps.Select(keep => keep.Number)],
        Statuses = [.. record.Keeps.Select(keep => (byte)keep.Status)],
        Bytes = [.. record.Keeps.Select(keep => keep.Bytes)],
    };

    internal KeeperRecord ToRecord() => new(
        Last, [.. Snapshots.Select((snapshot, place) => new RestKeep(new(snapshot), Numbers[place], (KeepStatus)Statuses[place], Bytes[place]))]);
}
