using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>How far a <see cref="RestKeeper"/> is with what it keeps for a snapshot.</summary>
public enum KeepStatus
{
    /// <summary>Rows are being copied; not all may be there.</summary>
    Begun = 0,

    /// <summary>All is there.</summary>
    Kept = 1,

    /// <summary>What no other snapshot refers to is being deleted.</summary>
    Dropping = 2,
}

/// <summary>One snapshot for which rows of rests are kept.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Number">The number of its <see cref="KeptRests"/>: a later one is higher, and none is used twice.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Bytes">About what the copies take that were made for it, in bytes.</param>
public sealed record RestKeep(SnapshotNumber Snapshot, long Number, KeepStatus Status, long Bytes);

/// <summary>What a <see cref="RestKeeper"/> stores in one row, which fences all its other writes.</summary>
/// <param name="Last">The last number that was given out.</param>
/// <param name="Keeps">What is kept, in the order of the numbers.</param>
public sealed record KeeperRecord(long Last, ImmutableArray<RestKeep> Keeps)
{
    /// <summary>Nothing was ever kept.</summary>
    public static KeeperRecord Empty { get; } = new(0, []);

    /// <summary>What is kept for a snapshot; none if nothing is.</summary>
    public RestKeep? Of(SnapshotNumber snapshot) => Keeps.FirstOrDefault(keep => keep.Snapshot == snapshot);

    internal KeeperRecord With(RestKeep keep) => Of(keep.Snapshot) is { } known
        ? this with { Keeps = Keeps.Replace(known, keep) }
        : new(keep.Number, Keeps.Add(keep));

    internal KeeperRecord Without(SnapshotNumber snapshot) => this with { Keeps = Keeps.RemoveAll(keep => keep.Snapshot == snapshot) };
}
