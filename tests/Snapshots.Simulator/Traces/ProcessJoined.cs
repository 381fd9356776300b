using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A newcomer got the answer of the directory.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">The newcomer.</param>
/// <param name="Announcement">The snapshots that it was told of.</param>
public sealed record ProcessJoined<TState, TMessage>(ProcessId Process, SnapshotAnnouncement Announcement)
    : TraceEvent<TState, TMessage>(Process);
