using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process lost all that was not persisted.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Which one.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record ProcessCrashed<TState, TMessage>(ProcessId Process, string Reason) : TraceEvent<TState, TMessage>(Process);
