namespace Snapshots.Scripts;

/// <summary>What scripts need of an application besides its protocol: its commands, and what can be expected.</summary>
/// <remarks>Stateless, so thread-safe.</remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public abstract class ScriptApplication<TState, TMessage>
{
    private protected ScriptApplication()
    {
    }

    /// <summary>The name, as in <c>application NAME</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The application.</summary>
    public abstract IApplication<TState, TMessage> Protocol { get; }

    /// <summary>The property that can be expected of a snapshot, such as <c>deadlock</c>; empty for none.</summary>
    public abstract string Property { get; }

    /// <summary>Returns the processes that have the property in a global state.</summary>
    public abstract IEnumerable<ProcessId> Find(GlobalState<TState, TMessage> state);

    /// <summary>Returns a state in a few words.</summary>
    public abstract string Describe(TState state);

    /// <summary>Returns a message in one word.</summary>
    public abstract string Describe(TMessage message);

    /// <summary>
    /// Decides on a command of a script, pure: the reaction, or as the result the reason why it is refused.
    /// </summary>
    /// <param name="self">The process.</param>
    /// <param name="state">Its state.</param>
    /// <param name="command">
    /// The command of a <see cref="ProcessStep"/> or an <see cref="ActStep"/>, which was checked.
    /// </param>
    public Step<TState, TMessage, string?> Decide(ProcessId self, TState state, string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Decide(self, state, command.Split(' '));
    }

    /// <inheritdoc cref="Decide(ProcessId, TState, string)"/>
    protected abstract Step<TState, TMessage, string?> Decide(ProcessId self, TState state, string[] words);

    private protected static Exception Unknown(string[] words) =>
        new InvalidOperationException($"the command {words[0]} is unknown");
}
