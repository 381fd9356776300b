using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A number was used: its collector was called, or a client was told of it.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">The number.</param>
/// <param name="Id">The snapshot that it means.</param>
public sealed record NumberUsed<TState, TMessage>(SnapshotNumber Snapshot, SnapshotId Id) : SnapshotEvent<TState, TMessage>(Snapshot);

/// <summary>A collector tells the end of its snapshot.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">Which one.</param>
public sealed record EndTold<TState, TMessage>(SnapshotNumber Snapshot) : SnapshotEvent<TState, TMessage>(Snapshot);

/// <summary>A process is given the receipt of a report.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Report">The report.</param>
/// <param name="IsStored">Whether it is stored, or no longer wanted.</param>
public sealed record ReportConfirmed<TState, TMessage>(Report Report, bool IsStored) : SnapshotEvent<TState, TMessage>(Report.Snapshot);

/// <summary>How many local states a part of a collection counts.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">Which one.</param>
/// <param name="Counted">Members whose local state counts.</param>
/// <param name="Stored">Local states that are stored.</param>
public sealed record PartCounted<TState, TMessage>(SnapshotNumber Snapshot, int Counted, int Stored) : SnapshotEvent<TState, TMessage>(Snapshot);

/// <summary>What is stored of a snapshot that was deleted, at the end of a run.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">Which one.</param>
/// <param name="Rows">How many rows are left.</param>
public sealed record SnapshotDeleted<TState, TMessage>(SnapshotNumber Snapshot, int Rows) : SnapshotEvent<TState, TMessage>(Snapshot);
