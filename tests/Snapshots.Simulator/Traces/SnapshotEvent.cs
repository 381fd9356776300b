using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Something that belongs to a snapshot and to no process.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">Which one.</param>
public abstract record SnapshotEvent<TState, TMessage>(SnapshotNumber Snapshot) : TraceEvent<TState, TMessage>(default(ProcessId))
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application) => hash.Add(Snapshot.Value);
}
