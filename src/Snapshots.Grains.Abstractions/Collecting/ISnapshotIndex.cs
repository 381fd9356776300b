using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The one grain of an application that numbers snapshots and knows which are open. Its key is the application. A number is
/// persisted before it is used, so no number means two snapshots.
/// </summary>
[Alias("snapshots.ISnapshotIndex")]
public interface ISnapshotIndex : IGrainWithStringKey
{
    /// <summary>Begins a snapshot, or finds the one that has the id already.</summary>
    /// <exception cref="TooManySnapshotsException">The limit of open snapshots is reached.</exception>
    [Alias("begin")]
    Task<SnapshotSummary> BeginAsync(SnapshotRequest request);

    /// <summary>What is open, as it is persisted.</summary>
    [Alias("announcement")]
    [AlwaysInterleave]
    Task<Registration> GetAnnouncementAsync();

    /// <summary>The collector says that a snapshot has ended. Saying it again is harmless.</summary>
    [Alias("end")]
    Task EndAsync(SnapshotSummary summary);

    /// <summary>The snapshot of that id, or none.</summary>
    [Alias("find")]
    Task<SnapshotSummary?> FindAsync(SnapshotId id);

    /// <summary>The newest snapshots, newest first.</summary>
    [Alias("list")]
    Task<SnapshotSummary[]> ListAsync(int limit);

    /// <summary>Forgets an ended snapshot. False when there is none of that id or it still runs.</summary>
    [Alias("remove")]
    Task<bool> RemoveAsync(SnapshotId id);
}
