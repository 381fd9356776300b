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
    [ForClients]
    [Alias("begin")]
    Task<SnapshotSummary> BeginAsync(SnapshotRequest request);

    /// <summary>What is open, as it is persisted.</summary>
    [ForClients]
    [Alias("announcement")]
    Task<Registration> GetAnnouncementAsync();

    /// <summary>The collector says that a snapshot has ended. Saying it again is harmless.</summary>
    [Alias("end")]
    Task EndAsync(SnapshotSummary summary);

    /// <summary>The snapshot of that id, or none.</summary>
    [ForClients]
    [Alias("find")]
    Task<SnapshotSummary?> FindAsync(SnapshotId id);

    /// <summary>The newest snapshots, newest first, at most <paramref name="limit"/>.</summary>
    [ForClients]
    [Alias("list")]
    Task<SnapshotSummary[]> ListAsync(int limit);

    /// <summary>
    /// Drops an ended snapshot; what is stored of it is deleted after the answer, until nothing is left. False when
    /// there is none of that id, its end is not known here, or it is pinned.
    /// </summary>
    [ForClients]
    [Alias("remove")]
    Task<bool> RemoveAsync(SnapshotId id);

    /// <summary>Pins a snapshot or takes its pin away. None if there is none of that id.</summary>
    /// <exception cref="TooManySnapshotsException">As many are pinned as may be kept.</exception>
    [ForClients]
    [Alias("pin")]
    Task<SnapshotSummary?> PinAsync(SnapshotId id, bool isPinned);

    /// <summary>
    /// Begins to store a snapshot that was taken elsewhere; answers with its id and number here, once they are persisted.
    /// </summary>
    /// <exception cref="TooManySnapshotsException">As many are being stored as may be.</exception>
    [ForClients]
    [Alias("import")]
    Task<SnapshotSummary> ImportAsync(SnapshotSummary source);

    /// <summary>Whether the parts of a snapshot take reports from outside.</summary>
    [Alias("is-importing")]
    Task<bool> IsImportingAsync(SnapshotNumber snapshot);

    /// <summary>
    /// All of a snapshot that was taken elsewhere is stored: it is completed. None if it is not being imported.
    /// </summary>
    [ForClients]
    [Alias("imported")]
    Task<SnapshotSummary?> ImportedAsync(SnapshotNumber snapshot, long endedAtMs, long bytes);

    /// <summary>The schedule; none if none is set.</summary>
    [ForClients]
    [Alias("get-schedule")]
    Task<ScheduleView?> GetScheduleAsync();

    /// <summary>Sets the schedule, or clears it; answers when that is persisted.</summary>
    /// <exception cref="ArgumentException">
    /// The schedule is not valid: see <see cref="SnapshotSchedule.Validate"/>.
    /// </exception>
    [ForClients]
    [Alias("set-schedule")]
    Task SetScheduleAsync(SnapshotSchedule? schedule);

    /// <summary>Begins a restore, which waits for those before it; answers when it is persisted.</summary>
    /// <exception cref="ArgumentException">
    /// The request is not valid, or the snapshot is not completed; the message says which.
    /// </exception>
    /// <exception cref="KeyNotFoundException">There is no snapshot of that id.</exception>
    /// <exception cref="RestoringException">Too many restores wait.</exception>
    [ForClients]
    [Alias("begin-restore")]
    Task<RestoreSummary> BeginRestoreAsync(RestoreRequest request);

    /// <summary>The restore of that number with its progress, or none.</summary>
    [ForClients]
    [Alias("find-restore")]
    Task<RestoreView?> FindRestoreAsync(RestoreNumber number);

    /// <summary>The newest restores, newest first, at most <paramref name="limit"/>.</summary>
    [ForClients]
    [Alias("list-restores")]
    Task<RestoreSummary[]> ListRestoresAsync(int limit);

    /// <summary>
    /// Aborts a restore; answers when that is persisted. False if it is committed; none if there is none of that number.
    /// </summary>
    [ForClients]
    [Alias("abort-restore")]
    Task<bool?> AbortRestoreAsync(RestoreNumber number, string reason);
}
