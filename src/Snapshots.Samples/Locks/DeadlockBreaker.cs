namespace Snapshots.Samples;

/// <summary>Takes snapshots of the locks, and has the victim of a deadlock back off, and all others go on.</summary>
/// <param name="grains">Where the grains are found.</param>
/// <param name="snapshots">Takes snapshots of <see cref="LocksApplication"/>.</param>
public sealed class DeadlockBreaker(IGrainFactory grains, SnapshotClient snapshots)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Takes one snapshot; if it shows a deadlock, its victim backs off, unless it has gone on since, which happens if
    /// another detector was faster. Further deadlocks are found by the next snapshot.
    /// </summary>
    /// <exception cref="SnapshotAbortedException">The snapshot was aborted.</exception>
    public async Task<(Deadlock Found, bool HasBackedOff)> BreakAsync(
        SnapshotId snapshot, CancellationToken cancellationToken)
    {
        var state = await snapshots.TakeAsync<LocksState, LocksMessage>(
            new(snapshot, Initiator: default, Timeout), cancellationToken);
        var deadlock = DeadlockCheck.Find(state.Processes);
        if (deadlock.Victim is not { Process: var victim }) return (deadlock, false);
        var found = (WorkerState)state.Processes.First(process => process.Id == victim).State;
        return (deadlock, await grains.GetGrain<ILocksGrain>(victim.Value).BackOffAsync(found) is null);
    }
}
