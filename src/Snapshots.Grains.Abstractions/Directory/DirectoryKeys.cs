using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// How the grains of the snapshot machinery are found by their keys. The same on every silo and client, for good.
/// </summary>
public static class DirectoryKeys
{
    /// <summary>Into how many shards a directory is split.</summary>
    public const int ShardCount = 16;

    /// <summary>
    /// Into how many parts the collection of every snapshot is split. Each part has whole shards, so a report is routed
    /// by the hash of its process alone. Few, since small snapshots pay for each.
    /// </summary>
    public static int PartCount => Partition.OfCollections.Count;

    /// <summary>The parts of a collection.</summary>
    public static Partition Parts => Partition.OfCollections;

    /// <summary>The shards of a directory.</summary>
    public static Partition Shards { get; } = new(ShardCount);

    /// <summary>The shard that a process belongs to.</summary>
    public static string ShardOf(string application, ProcessId process) => Shard(application, Shards.PartOf(process));

    /// <summary>The key of a shard, 0 … <see cref="ShardCount"/> − 1.</summary>
    public static string Shard(string application, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{application}/{shard}");

    /// <summary>The key of a snapshot's collector.</summary>
    public static string Collector(string application, SnapshotNumber snapshot) => $"{application}/{snapshot}";

    /// <summary>The key of one part of a snapshot's collector, from 0.</summary>
    public static string Part(string application, SnapshotNumber snapshot, int part) => Shard(Collector(application, snapshot), part);

    /// <summary>The application and the rest of a key made here.</summary>
    /// <exception cref="ArgumentException">The key was not made here.</exception>
    public static (string Application, long Number) Split(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.LastIndexOf('/');
        return slash > 0 && long.TryParse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (key[..slash], number)
            : throw new ArgumentException($"'{key}' is no key of the form application/number", nameof(key));
    }

    /// <summary>The application, the snapshot and the part of a key made by <see cref="Part"/>.</summary>
    /// <exception cref="ArgumentException">The key was not made there.</exception>
    public static (string Application, SnapshotNumber Snapshot, int Part) SplitPart(string key)
    {
        var (collector, part) = Split(key);
        var (application, snapshot) = Split(collector);
        return (application, new(snapshot), (int)part);
    }
}
