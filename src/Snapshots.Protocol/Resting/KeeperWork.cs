using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What a <see cref="RestKeeper"/> wants done; one piece at a time.</summary>
public abstract record KeeperWork
{
    /// <summary>Marks the shard and views its rests; answered by <c>Marked</c>.</summary>
    public sealed record Mark(SnapshotAnnouncement Announcement) : KeeperWork;

    /// <summary>Asks the index which snapshots have ended; answered by <c>Looked</c>.</summary>
    public sealed record Look() : KeeperWork;

    /// <summary>
    /// Copies rows of the view out of the shard, under their numbers and that of the copy; answered by <c>Copied</c>.
    /// </summary>
    public sealed record Copy(long View, long Number, ImmutableArray<int> Rows) : KeeperWork;

    /// <summary>Stores the record.</summary>
    public sealed record Write(KeeperRecord Record) : KeeperWork;

    /// <summary>Stores what is kept for a snapshot, under its number.</summary>
    public sealed record WriteKept(KeptRests Kept) : KeeperWork;

    /// <summary>Reads what is kept under a number; answered by <c>Read</c>.</summary>
    public sealed record ReadKept(long Number) : KeeperWork;

    /// <summary>Deletes copies, where they exist.</summary>
    public sealed record ClearCopies(ImmutableArray<(int Row, long Copy)> Copies) : KeeperWork;

    /// <summary>Deletes what is kept under a number, if it exists.</summary>
    public sealed record ClearKept(long Number) : KeeperWork;
}
