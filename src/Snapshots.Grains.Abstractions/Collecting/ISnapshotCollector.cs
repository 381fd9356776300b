using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Leads the collection of one snapshot, and decides when the global state is complete. Members and reports are stored
/// by its parts, <see cref="ISnapshotPart"/>. Its key is <c>application/number</c>; it answers for its snapshot until
/// that is deleted, also after restarts.
/// </summary>
[Alias("snapshots.ISnapshotCollector")]
public interface ISnapshotCollector : IGrainWithStringKey
{
    /// <summary>
    /// Starts the collection, or goes on with it after a restart, or tells its end again; answers at once. Starting
    /// twice is harmless.
    /// </summary>
    [Alias("start")]
    Task StartAsync(SnapshotSummary summary);

    /// <summary>
    /// How the snapshot stands, or none if this collector was never started or its snapshot was deleted.
    /// </summary>
    [ForClients]
    [Alias("get")]
    Task<SnapshotView?> GetAsync();

    /// <summary>Aborts the snapshot, if it still runs, with that reason; answers once its end is persisted.</summary>
    /// <exception cref="InvalidOperationException">The end could not be persisted; the snapshot goes on.</exception>
    [ForClients]
    [Alias("abort")]
    Task AbortAsync(string reason);

    /// <summary>
    /// Deletes all that is stored of an ended snapshot, for the index, which has dropped it. False while it runs.
    /// </summary>
    [Alias("delete")]
    Task<bool> DeleteAsync();
}
