namespace Snapshots.Grains;

/// <summary>
/// Leads the collection of one snapshot, and decides when the global state is complete. Members and reports are kept by its parts,
/// <see cref="ISnapshotPart"/>. Its key is <c>application/number</c>; it answers for its snapshot until that is deleted, also after
/// restarts.
/// </summary>
[Alias("snapshots.ISnapshotCollector")]
public interface ISnapshotCollector : IGrainWithStringKey
{
    /// <summary>Starts the collection, or goes on with it after a restart. Starting twice is harmless.</summary>
    [Alias("start")]
    Task StartAsync(SnapshotSummary summary);

    /// <summary>
    /// Into how many parts the collection is split; none until all of them take reports, 0 when the snapshot has ended and wants no
    /// more. The report of a process goes to the part that <see cref="Protocol.Partition"/> says. Answers at once: a call that waits
    /// would keep a silo from its stop.
    /// </summary>
    /// <exception cref="InvalidOperationException">The collector is not started, or deleted.</exception>
    [Alias("parts")]
    Task<int?> GetPartsAsync();

    /// <summary>How the snapshot stands, or none if this collector was never started or its snapshot was deleted.</summary>
    [Alias("get")]
    Task<SnapshotView?> GetAsync();

    /// <summary>Aborts the snapshot, if it still runs, with that reason; answers once its end is persisted.</summary>
    /// <exception cref="InvalidOperationException">The end could not be persisted; the snapshot goes on.</exception>
    [Alias("abort")]
    Task AbortAsync(string reason);

    /// <summary>
    /// Completes once the members are known and everything that the reports so far decide is decided and told to the index. For
    /// tests and for scripts that fix every interleaving.
    /// </summary>
    [Alias("settle")]
    Task SettleAsync();

    /// <summary>Deletes all that is kept of an ended snapshot. False while it runs.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync();
}
