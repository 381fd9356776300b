namespace Snapshots.Detection;

/// <summary>What a check of a cut says about the run; see Chandy and Lamport 1985, section 4.</summary>
public enum CheckClass
{
    /// <summary>True on the cut: true now and for ever, until somebody acts. Deadlock, garbage, termination.</summary>
    Stable,

    /// <summary>False on the cut: the program can reach a state that breaks it. Conservation.</summary>
    Invariant,

    /// <summary>It was so in this possible state; false says nothing about the run.</summary>
    Observed,
}

/// <summary>
/// A question about a global state, declared by an application. It is sound exactly when the cut is consistent, so run
/// it on a state whose certificate holds.
/// </summary>
/// <remarks>
/// Immutable, and used by several threads; what one run gathers is in its <see cref="ICheckRun{TState,TMessage}"/>.
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface ISnapshotCheck<TState, TMessage>
{
    /// <summary>The name, unique in the application, such as <c>deadlock</c>; an <see cref="Identifier"/>.</summary>
    string Name { get; }

    /// <summary>What the answer means.</summary>
    CheckClass Class { get; }

    /// <summary>
    /// Whether a stable property that holds is a finding, such as a deadlock. An invariant that fails always is one.
    /// </summary>
    bool IsAlarm { get; }

    /// <summary>Begins to read one global state.</summary>
    ICheckRun<TState, TMessage> Begin();
}

/// <summary>
/// Reads one global state piece by piece, so that nobody needs to hold all of it. Each member and each channel is added
/// once, in any order; a channel that carried nothing may be omitted.
/// </summary>
/// <remarks>One thread at a time. The pieces are read before the call returns.</remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface ICheckRun<TState, TMessage>
{
    /// <summary>Adds the local state of a member.</summary>
    void Add(ProcessState<TState> process);

    /// <summary>Adds the state of a channel: the messages in transit.</summary>
    void Add(ChannelState<TMessage> channel);

    /// <summary>Answers the question. Call it once, after the last piece.</summary>
    CheckAnswer Conclude();
}

/// <summary>The answer of a check to one global state.</summary>
/// <param name="Holds">Whether the property holds on the cut.</param>
/// <param name="Witness">
/// Why: ids of processes, or texts, in an order that depends on the global state alone. Empty if there is nothing to
/// show.
/// </param>
public sealed record CheckAnswer(bool Holds, ImmutableArray<string> Witness);
