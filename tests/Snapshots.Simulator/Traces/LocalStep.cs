using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A step that no message caused.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Whose step.</param>
/// <param name="State">The state after it.</param>
/// <param name="Sent">What it sends, in order.</param>
public sealed record LocalStep<TState, TMessage>(ProcessId Process, TState State, ImmutableArray<Outgoing<TMessage>> Sent)
    : ProcessStep<TState, TMessage>(Process, State, Sent);
