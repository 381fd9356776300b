using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One part of the directory of processes. Its key is <c>application/shard</c>. A process is registered before it
/// accepts anything, so every process that holds a message or a state is known.
/// </summary>
[Alias("snapshots.IDirectoryShard")]
public interface IDirectoryShard : IGrainWithStringKey
{
    /// <summary>Whether a process is registered: then something must be stored of it.</summary>
    /// <exception cref="RestoringException">The shard is closed, or the process waits for its part.</exception>
    [ForClients]
    [Alias("registered")]
    Task<bool> IsRegisteredAsync(ProcessId process);

    /// <summary>
    /// Whether a message may be sent to a process: it is registered, or there is room for one that is not.
    /// </summary>
    /// <exception cref="RestoringException">The shard is closed, or the process waits for its part.</exception>
    [Alias("reachable")]
    Task<bool> IsReachableAsync(ProcessId process);

    /// <summary>
    /// Registers a process, persistently, and answers with the snapshots that are open, which a newcomer records before
    /// its first event. Registering again is harmless.
    /// </summary>
    /// <param name="process">The process.</param>
    /// <param name="grain">The grain that hosts it.</param>
    /// <param name="isByMessage">Whether a message has brought it into being.</param>
    /// <exception cref="ArgumentException">
    /// The process belongs to another shard, or the application's processes are hosted by grains of another type.
    /// </exception>
    /// <exception cref="RestoringException">The shard is closed, or the process waits for its part.</exception>
    [Alias("register")]
    Task<Registration> RegisterAsync(ProcessId process, GrainId grain, bool isByMessage);

    /// <summary>The gate of the shard, as it is persisted.</summary>
    [Alias("gate")]
    Task<Gate> GetGateAsync();

    /// <summary>
    /// Takes an order of a restore, and answers at once how far the shard is with it. To repeat it is harmless, and an
    /// old one changes nothing.
    /// </summary>
    [Alias("order")]
    Task<ShardStanding> OrderAsync(ShardOrder order);

    /// <summary>
    /// Marks the shard with the snapshots that are open: every process that registers from now on is told of them.
    /// Answers with who was registered before, and who is at rest.
    /// </summary>
    [Alias("mark")]
    Task<ShardMark> MarkAsync(SnapshotAnnouncement announcement);

    /// <summary>Rows of processes at rest, by number, as they were when the shard answered a mark.</summary>
    /// <exception cref="InvalidOperationException">The view is not of this activation, or no longer known.</exception>
    [Alias("rests")]
    Task<StoredRests[]> ReadRestsAsync(long view, int[] rows);

    /// <summary>
    /// The numbers of the rows of rests in which processes are; less than 0 where one is not registered. They never change.
    /// </summary>
    [Alias("rest-rows")]
    Task<int[]> RestRowsOfAsync(ProcessId[] processes);

    /// <summary>
    /// A process has stored that it rests: the shard answers snapshots for it. Answers once that is stored, or if it comes
    /// too late.
    /// </summary>
    /// <param name="mark">The rest.</param>
    /// <param name="report">What the process reports; the number of the snapshot counts for nothing.</param>
    /// <exception cref="InvalidOperationException">This activation does not know the process: it is stale.</exception>
    [Alias("rest")]
    Task RestAsync(RestMark mark, ReportSurrogate report);

    /// <summary>
    /// A process is to be awake after a rest. Answers with the snapshots that are open, once that is stored.
    /// </summary>
    /// <exception cref="InvalidOperationException">This activation does not know the process: it is stale.</exception>
    /// <exception cref="RestoringException">The shard is closed, or lives in another epoch.</exception>
    [Alias("awake")]
    Task<SnapshotAnnouncement> AwakeAsync(ProcessId process, RestMark mark);

    /// <summary>
    /// Registered processes in the order of registration, from <paramref name="offset"/>, at most
    /// <paramref name="limit"/>.
    /// </summary>
    [ForClients]
    [Alias("list")]
    Task<DirectoryPage> ListAsync(int offset, int limit);

    /// <summary>
    /// Puts processes into the pending-work registry, or removes them, persistently: a process in it is woken after a
    /// loss. Answers once it is stored; repeating it is harmless.
    /// </summary>
    [Alias("note")]
    Task NoteAsync(UnfinishedNote[] notes);

    /// <summary>
    /// Wakes the processes in the registry, once for each version of the cluster's membership; an activation of the
    /// shard does so too. Answers before they are awake: a process that cannot be reached is tried again.
    /// </summary>
    [Alias("wake")]
    Task WakeAsync(long membershipVersion);
}
