using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The one grain of an application that numbers snapshots and knows which are open. Its key is the application. A
/// number is persisted before it is used, so no number means two snapshots.
/// </summary>
[Alias("snapshots.ISnapshotIndex")]
public interface ISnapshotIndex : IGrainWithStringKey
{
    /// <summary>Begins a snapshot, or finds the one that has the id; answers when its number is persisted.</summary>
    /// <exception cref="ArgumentException">
    /// The request is not valid: see <see cref="SnapshotRequest.Validate"/>.
    /// </exception>
    /// <exception cref="TooManySnapshotsException">The limit of open snapshots is reached.</exception>
    /// <exception cref="RestoringException">A restore closes or applies.</exception>
    [Alias("begin")]
    Task<SnapshotSummary> BeginAsync(SnapshotRequest request);

    /// <summary>What is open, as it is persisted.</summary>
    [Alias("announcement")]
    Task<Registration> GetAnnouncementAsync();

    /// <summary>The collector says that a snapshot has ended. Saying it again is harmless.</summary>
    [Alias("end")]
    Task EndAsync(SnapshotSummary summary);

    /// <summary>The snapshot of that id, or none.</summary>
    [Alias("find")]
    Task<SnapshotSummary?> FindAsync(SnapshotId id);

    /// <summary>The newest snapshots, newest first, at most <paramref name="limit"/>.</summary>
    [Alias("list")]
    Task<SnapshotSummary[]> ListAsync(int limit);

    /// <summary>
    /// Drops an ended snapshot; what is stored of it is deleted after the answer, until nothing is left. False when
    /// there is none of that id or its end is not known here.
    /// </summary>
    [Alias("remove")]
    Task<bool> RemoveAsync(SnapshotId id);

    /// <summary>Begins a restore, which waits for those before it; answers when it is persisted.</summary>
    /// <exception cref="ArgumentException">
    /// The request is not valid, or the snapshot is not completed; the message says which.
    /// </exception>
    /// <exception cref="KeyNotFoundException">There is no snapshot of that id.</exception>
    /// <exception cref="RestoringException">Too many restores wait.</exception>
    [Alias("begin-restore")]
    Task<RestoreSummary> BeginRestoreAsync(RestoreRequest request);

    /// <summary>The restore of that number with its progress, or none.</summary>
    [Alias("find-restore")]
    Task<RestoreView?> FindRestoreAsync(RestoreNumber number);

    /// <summary>The newest restores, newest first, at most <paramref name="limit"/>.</summary>
    [Alias("list-restores")]
    Task<RestoreSummary[]> ListRestoresAsync(int limit);

    /// <summary>
    /// Aborts a restore; answers when that is persisted. False if it is committed; none if there is none of that number.
    /// </summary>
    [Alias("abort-restore")]
    Task<bool?> AbortRestoreAsync(RestoreNumber number, string reason);
}
