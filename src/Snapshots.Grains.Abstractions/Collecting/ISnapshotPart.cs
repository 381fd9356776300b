using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One part of the collection of a snapshot: it marks and lists its shards of the directory, asks their processes,
/// takes and persists their reports, and tells the other parts what they count of channels that lead there. Its key is
/// <c>application/number/part</c>.
/// </summary>
[Alias("snapshots.ISnapshotPart")]
public interface ISnapshotPart : IGrainWithStringKey
{
    /// <summary>
    /// Starts the part if it has not begun, and answers how it stands: when that is no longer <paramref name="known"/>,
    /// or after a while. None if the snapshot has ended, the part has not its members yet, or this activation is about
    /// to end: ask again later.
    /// </summary>
    /// <param name="epoch">The epoch of the snapshot.</param>
    /// <param name="known">The version of the last answer; 0 for none.</param>
    [Alias("follow")]
    Task<PartView?> FollowAsync(Epoch epoch, long known);

    /// <summary>
    /// Asks a process to record, or another one of this part if that one is not missing; does not wait for its answer.
    /// </summary>
    [Alias("ask")]
    Task AskFirstAsync(ProcessId initiator);

    /// <summary>
    /// Takes reports; answers, with one verdict for each, once they are persisted. No verdict at all says that the part
    /// has not started: nothing was taken, and all is to be brought again.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// This activation is about to end; all is to be brought again.
    /// </exception>
    [Alias("accept")]
    Task<ReportVerdict[]> AcceptAsync(ReportSurrogate[] reports);

    /// <summary>Hears what those parts have to tell by now, and answers how this one stands then; none as above.</summary>
    [Alias("exchange")]
    Task<PartView?> ExchangeAsync(int[] from);

    /// <summary>
    /// Looks which of the processes that the part knows by name alone are at rest; the answer does not wait for that.
    /// </summary>
    [Alias("resolve")]
    Task ResolveAsync();

    /// <summary>Some of what this part has to tell another one, after what that one has heard.</summary>
    [Alias("tell")]
    Task<CountPage> TellAsync(int to, HeardCounts heard);

    /// <summary>How many pages are kept.</summary>
    [ForClients]
    [Alias("pages")]
    Task<PartPages> GetPagesAsync();

    /// <summary>One page of the members, 0 … <see cref="PartPages.Members"/> − 1.</summary>
    [ForClients]
    [Alias("members")]
    Task<ProcessId[]> ReadMembersAsync(int page);

    /// <summary>
    /// One page of the reports, as they were persisted: of the part's own from 0, of processes at rest from
    /// <see cref="PartPages.FirstOfRests"/>.
    /// </summary>
    [ForClients]
    [Alias("read")]
    Task<ReportSurrogate[]> ReadAsync(int page);

    /// <summary>
    /// Stores a page of reports of a snapshot that was taken elsewhere, over what an earlier try has left.
    /// </summary>
    /// <exception cref="InvalidOperationException">The snapshot is not being imported.</exception>
    [ForClients]
    [Alias("import-reports")]
    Task ImportReportsAsync(int page, ReportSurrogate[] reports);

    /// <summary>
    /// Stores a page of members of a snapshot that was taken elsewhere. Page 0 comes last, after all reports.
    /// </summary>
    /// <exception cref="InvalidOperationException">The snapshot is not being imported.</exception>
    [ForClients]
    [Alias("import-members")]
    Task ImportMembersAsync(Epoch epoch, int page, int pages, ProcessId[] members);

    /// <summary>The snapshot has ended: nothing is asked, and what only a running collection needs is freed.</summary>
    [Alias("end")]
    Task EndAsync();

    /// <summary>Deletes all that is kept of an ended snapshot.</summary>
    [Alias("delete")]
    Task DeleteAsync();
}
