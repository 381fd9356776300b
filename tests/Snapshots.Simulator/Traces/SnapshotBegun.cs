using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A snapshot got its number: it is stored.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">The number.</param>
public sealed record SnapshotBegun<TState, TMessage>(SnapshotNumber Snapshot) : SnapshotEvent<TState, TMessage>(Snapshot)
{
    /// <summary>The snapshot that the number means.</summary>
    public SnapshotId Id { get; init; }
}
