using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process was made from its stored record.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Record">What the process says of itself right after.</param>
public sealed record ProcessRestored<TState, TMessage>(ProcessRecord<TState, TMessage> Record)
    : TraceEvent<TState, TMessage>(Record.Id);
