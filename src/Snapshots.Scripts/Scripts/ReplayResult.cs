namespace Snapshots.Scripts;

/// <summary>The result of a script. It is equal on every engine, except for the engine's name.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Engine">The name of the engine that ran it.</param>
/// <param name="Failures">Every expectation that failed, one line each, in the order of the script.</param>
/// <param name="Snapshots">The snapshots, in ordinal order of their ids.</param>
/// <param name="Final">The processes at the end, in ordinal order of their ids.</param>
public sealed record ReplayResult<TState, TMessage>(
    string Engine,
    ImmutableArray<string> Failures,
    ImmutableArray<ReplaySnapshot<TState, TMessage>> Snapshots,
    ImmutableArray<ProcessState<TState>> Final)
{
    /// <summary>Whether every expectation held.</summary>
    public bool Passed => Failures.IsEmpty;
}

/// <summary>A snapshot at the end of a script.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Id">Its name.</param>
/// <param name="Number">Its number, from 1 in the order in which the snapshots began.</param>
/// <param name="Initiator">The process that initiated it first.</param>
/// <param name="Progress">Its progress.</param>
/// <param name="State">
/// The global state; null while the snapshot is running. It has every channel that the script declares anywhere between
/// two members; one that carried nothing before the cut has counts of 0.
/// </param>
public sealed record ReplaySnapshot<TState, TMessage>(
    SnapshotId Id,
    SnapshotNumber Number,
    ProcessId Initiator,
    CollectionProgress Progress,
    GlobalState<TState, TMessage>? State)
{
    /// <summary>Whether it has completed; else it is running.</summary>
    public bool IsComplete => State is not null;
}
