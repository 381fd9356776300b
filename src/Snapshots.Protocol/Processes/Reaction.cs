using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What an event does to one process: its new state and what it sends, in one step.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="State">The state after the event.</param>
/// <param name="Messages">The messages to send, in order.</param>
public sealed record Reaction<TState, TMessage>(TState State, ImmutableArray<Outgoing<TMessage>> Messages)
{
    /// <summary>A reaction that sends nothing.</summary>
    public Reaction(TState state)
        : this(state, [])
    {
    }
}
