using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Gathers the reports of one snapshot, persists them, and decides when the global state is complete. Its key is
/// <c>application/number</c>; it answers for its snapshot until that is deleted, also after restarts.
/// </summary>
[Alias("snapshots.ISnapshotCollector")]
public interface ISnapshotCollector : IGrainWithStringKey
{
    /// <summary>Starts the collection, or goes on with it after a restart. Starting twice is harmless.</summary>
    [Alias("start")]
    Task StartAsync(SnapshotSummary summary);

    /// <summary>Takes reports; answers, with one verdict for each, once they are persisted.</summary>
    /// <exception cref="InvalidOperationException">Nothing was taken, and all is to be repeated: the collector is not started.</exception>
    [Alias("accept")]
    Task<ReportVerdict[]> AcceptAsync(ReportSurrogate[] reports);

    /// <summary>How the snapshot stands, or none if this collector was never started or its snapshot was deleted.</summary>
    [Alias("get")]
    Task<SnapshotView?> GetAsync();

    /// <summary>One page of the members, 0 … <see cref="SnapshotView.MemberPages"/> − 1.</summary>
    [Alias("members")]
    Task<ProcessId[]> ReadMembersAsync(int page);

    /// <summary>One page of the reports, as they were persisted: 0 … <see cref="SnapshotView.ReportPages"/> − 1.</summary>
    [Alias("read")]
    Task<ReportSurrogate[]> ReadAsync(int page);

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
