using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>What a request does to a process, as the application decides it.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <typeparam name="TResult">What the caller gets, once the step is persisted.</typeparam>
/// <param name="Result">The answer.</param>
/// <param name="Reaction">The new state and the messages to send; none when nothing changes.</param>
public readonly record struct Step<TState, TMessage, TResult>(TResult Result, Reaction<TState, TMessage>? Reaction);
