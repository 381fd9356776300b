using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Keeps the reports of a directory shard's processes at rest for snapshots. Its key is that of the shard,
/// <c>application/shard</c>.
/// </summary>
[Alias("snapshots.IRestKeeper")]
internal interface IRestKeeper : IGrainWithStringKey
{
    /// <summary>Marks the shard, and keeps its rests for a snapshot, persistently. Again is harmless.</summary>
    /// <exception cref="InvalidOperationException">
    /// The shard was not reached, or is in another epoch, or the snapshot has ended, or this activation is about to end: ask
    /// again later.
    /// </exception>
    /// <exception cref="DamagedStateException">What is stored of the shard or of the keeper is damaged.</exception>
    [Alias("keep")]
    Task<StoredKept> KeepAsync(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement);

    /// <summary>Deletes what is kept for a snapshot and for no other one, if anything is.</summary>
    [Alias("drop")]
    Task DropAsync(SnapshotNumber snapshot);
}
