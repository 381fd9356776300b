using Orleans.Serialization;

namespace Snapshots.Samples;

/// <summary>Takes snapshots of the locks, and has the victim of a deadlock back off, so that all others go on.</summary>
/// <param name="grains">Where the grains are found.</param>
/// <param name="states">Reads states.</param>
/// <param name="messages">Reads messages.</param>
public sealed class DeadlockBreaker(
    IGrainFactory grains, Serializer<LocksState> states, Serializer<LocksMessage> messages)
{
    private readonly SnapshotReader<LocksState, LocksMessage> _reader =
        new(grains, LocksApplication.Name, states, messages);

    /// <summary>
    /// Takes one snapshot; if it shows a deadlock, its victim backs off. Further deadlocks are found by the next
    /// snapshot.
    /// </summary>
    /// <exception cref="InvalidOperationException">The snapshot was aborted; the message has the reason.</exception>
    public async Task<Deadlock> BreakAsync(SnapshotId snapshot, CancellationToken cancellationToken)
    {
        var state = await _reader.TakeAsync(snapshot, cancellationToken);
        var deadlock = DeadlockCheck.Find(state.Processes);
        if (deadlock.Victim is not { Process: var victim }) return deadlock;
        var found = (WorkerState)state.Processes.First(process => process.Id == victim).State;
        await grains.GetGrain<ILocksGrain>(victim.Value).BackOffAsync(found); // Refused if another one was faster.
        return deadlock;
    }
}
