using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A completed snapshot was put together again from what is stored.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">Which one.</param>
/// <param name="State">Its global state, or none if it could not be put together.</param>
public sealed record SnapshotReadAgain<TState, TMessage>(SnapshotNumber Snapshot, GlobalState<TState, TMessage>? State)
    : SnapshotEvent<TState, TMessage>(Snapshot);
