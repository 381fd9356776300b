using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A snapshot ended without a global state.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">Which one.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsExpected">Whether a person, a timeout or a limit aborted it, and not a defect.</param>
public sealed record SnapshotAborted<TState, TMessage>(SnapshotNumber Snapshot, string Reason, bool IsExpected)
    : SnapshotEvent<TState, TMessage>(Snapshot)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(IsExpected ? 3L : 4);
    }
}
