using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// What is stored of a process was damaged. No activation of it lives, and none of its writes is under way.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Which one; the epoch is the one that it lived in.</param>
public sealed record JournalDamaged<TState, TMessage>(ProcessId Process) : TraceEvent<TState, TMessage>(Process);

/// <summary>A process is damaged at the end of a run.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Which one.</param>
public sealed record DamagedAtRest<TState, TMessage>(ProcessId Process) : TraceEvent<TState, TMessage>(Process);
