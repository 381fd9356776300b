using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// What the index wants of a directory shard and of all its members, repeated until they have done it: to close, to
/// open again after an abort, or to apply their parts. It comes from what the index has stored.
/// </summary>
/// <param name="Gate">The gate that they are to have.</param>
/// <param name="Source">
/// The snapshot whose parts they apply; <c>default</c> if they only close or open.
/// </param>
public readonly record struct ShardOrder(Gate Gate, SnapshotNumber Source)
{
    /// <summary>Whether the members get parts: the restore is committed.</summary>
    public bool Applies => Source != default;
}

/// <summary>What a restore has done at the members of a shard, or of all shards.</summary>
/// <param name="Restored">Members that are as in the source.</param>
/// <param name="Emptied">Members that are not in the source and are empty now.</param>
/// <param name="Redelivered">Messages in transit that were delivered.</param>
/// <param name="Damaged">
/// Members that were damaged and took no part, since they may have applied it before: only the next restore repairs them.
/// </param>
public readonly record struct RestoreCounts(int Restored, int Emptied, int Redelivered, int Damaged = 0)
{
    /// <summary>The sum.</summary>
    public RestoreCounts Add(RestoreCounts other) =>
        new(Restored + other.Restored, Emptied + other.Emptied, Redelivered + other.Redelivered, Damaged + other.Damaged);
}

/// <summary>How far a directory shard is with an order.</summary>
/// <param name="Gate">The order's gate; an earlier one while it is not begun.</param>
/// <param name="IsDone">Whether all members have done it, durably.</param>
/// <param name="Counts">What was restored, once it is done.</param>
/// <param name="WaitingFor">Some of the members that have not, in no order; empty while that is not known.</param>
public sealed record ShardStanding(Gate Gate, bool IsDone, RestoreCounts Counts, ImmutableArray<ProcessId> WaitingFor);

/// <summary>What a directory shard stores of restores.</summary>
/// <param name="Gate">Its gate.</param>
/// <param name="Members">
/// How many of the first registered processes get a part in this epoch; 0 in an epoch that no restore has made.
/// </param>
/// <param name="IsApplying">Whether some of them may still be without their part.</param>
/// <param name="Counts">What was restored, once all have it.</param>
public sealed record ShardHead(Gate Gate, int Members, bool IsApplying, RestoreCounts Counts)
{
    /// <summary>
    /// How many of the first registered processes had to close before: each of them has a record, or has lost it.
    /// </summary>
    public int Closed { get; init; }
}
