namespace Snapshots.Samples;

/// <summary>
/// A worker or a lock. What is asked of a worker is answered when it is stored, with the reason why it was refused, or
/// null; whether a lock was granted is told by the worker's state.
/// </summary>
[Alias("snapshots.locks.ILocksGrain")]
public interface ILocksGrain : IGrainWithStringKey
{
    /// <summary>Asks for a lock, and waits for it.</summary>
    [Alias("acquire")]
    Task<string?> AcquireAsync(ProcessId wanted);

    /// <summary>Asks for any one of several locks, and waits for the first grant.</summary>
    [Alias("acquire-any")]
    Task<string?> AcquireAnyAsync(ImmutableArray<ProcessId> wanted);

    /// <summary>Gives a lock back.</summary>
    [Alias("release")]
    Task<string?> ReleaseAsync(ProcessId held);

    /// <summary>Stops waiting and gives everything back, if the worker is still as it was found.</summary>
    [Alias("back-off")]
    Task<string?> BackOffAsync(WorkerState found);

    /// <summary>The state as it is stored.</summary>
    [Alias("get")]
    Task<LocksState> GetAsync();
}

/// <summary>Hosts one worker or one lock. Each request is one step of its process.</summary>
[SnapshotProcess(LocksApplication.Name)]
internal sealed class LocksGrain(ProcessServices services)
    : ProcessGrain<LocksState, LocksMessage>(services, LocksApplication.Instance), ILocksGrain
{
    public Task<string?> AcquireAsync(ProcessId wanted) =>
        StepAsync(state => LocksApplication.Acquire(Self, state, [wanted], any: false));

    public Task<string?> AcquireAnyAsync(ImmutableArray<ProcessId> wanted) =>
        StepAsync(state => LocksApplication.Acquire(Self, state, wanted, any: true));

    public Task<string?> ReleaseAsync(ProcessId held) =>
        StepAsync(state => LocksApplication.Release(Self, state, held));

    public Task<string?> BackOffAsync(WorkerState found) =>
        StepAsync(state => LocksApplication.BackOff(Self, state, found));

    public Task<LocksState> GetAsync() => ReadAsync((state, _) => state);
}
