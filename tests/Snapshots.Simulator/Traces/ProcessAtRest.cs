using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>What a process holds at the end of a run.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Record">What it would persist.</param>
/// <param name="HeldBackFrames">Frames that it holds back.</param>
/// <param name="UnansweredRequests">Requests to it that got no answer.</param>
public sealed record ProcessAtRest<TState, TMessage>(ProcessRecord<TState, TMessage> Record, int HeldBackFrames, int UnansweredRequests)
    : TraceEvent<TState, TMessage>(Record.Id);

/// <summary>
/// What is stored of a process when all has come to rest, and nothing has brought it back, or only an activation that
/// does not know of it.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Record">What is stored.</param>
public sealed record ProcessAsleep<TState, TMessage>(ProcessRecord<TState, TMessage> Record) : TraceEvent<TState, TMessage>(Record.Id);
