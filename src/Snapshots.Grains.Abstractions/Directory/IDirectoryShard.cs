using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One part of the directory of processes. Its key is <c>application/shard</c>. A process is registered before it accepts
/// anything, so whoever holds a message or a state is known.
/// </summary>
[Alias("snapshots.IDirectoryShard")]
public interface IDirectoryShard : IGrainWithStringKey
{
    /// <summary>
    /// Registers a process, persistently, and answers with the snapshots that are open, which a newcomer records before its first
    /// event. Registering again is harmless.
    /// </summary>
    [Alias("register")]
    Task<Registration> RegisterAsync(ProcessId process, GrainId grain);

    /// <summary>
    /// Marks the shard with the snapshots that are open: every process that registers from now on is told of them. Answers with who
    /// was registered before.
    /// </summary>
    [Alias("mark")]
    Task<ShardMark> MarkAsync(SnapshotAnnouncement announcement);

    /// <summary>Registered processes in the order of registration, from <paramref name="offset"/>, at most <paramref name="limit"/>.</summary>
    [Alias("list")]
    Task<DirectoryPage> ListAsync(int offset, int limit);

    /// <summary>
    /// Lists processes that have frames under way, or strikes them off, persistently: who is listed is woken after a loss. Answers once it
    /// is persisted; repeating it is harmless.
    /// </summary>
    [Alias("note")]
    Task NoteAsync(UnfinishedNote[] notes);

    /// <summary>
    /// Wakes the listed processes, once for each version of the cluster's membership; also activation does. Answers before they are
    /// awake: who cannot be reached is tried again.
    /// </summary>
    [Alias("wake")]
    Task WakeAsync(long membershipVersion);
}
