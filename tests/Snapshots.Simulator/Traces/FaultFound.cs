using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process found an input impossible.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Who.</param>
/// <param name="Fault">What.</param>
public sealed record FaultFound<TState, TMessage>(ProcessId Process, ChannelFault Fault) : TraceEvent<TState, TMessage>(Process);
