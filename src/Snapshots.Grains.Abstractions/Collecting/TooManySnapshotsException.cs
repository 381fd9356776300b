using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>As many snapshots are open, or pinned, as may be; the message says what to do.</summary>
[GenerateSerializer]
[Alias("snapshots.too-many-snapshots")]
public sealed class TooManySnapshotsException : Exception
{
    private TooManySnapshotsException(string message)
        : base(message)
    {
    }

    /// <summary>The limit of open snapshots is reached.</summary>
    public static TooManySnapshotsException Open(int limit) =>
        new($"{limit} snapshots are open, which is the limit: wait for one to end, or abort one");

    /// <summary>The limit of pinned snapshots is reached.</summary>
    public static TooManySnapshotsException Pinned(int limit) =>
        new($"{limit} snapshots are pinned, which is the limit: unpin one");
}

/// <summary>A snapshot is pinned and so cannot be deleted.</summary>
public sealed class SnapshotPinnedException(SnapshotId id) : Exception($"snapshot {id} is pinned: unpin it before you delete it")
{
}
