namespace Snapshots.Simulator;

/// <summary>
/// Something that holds in every run. It is told from the events of a trace alone, and shares no code with what it
/// judges.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IInvariant<TState, TMessage>
{
    /// <summary>Its name, in camelCase.</summary>
    string Name { get; }

    /// <summary>Whether it judges a run as a whole, and not the history of each epoch by itself.</summary>
    bool IsOfWholeRun => false;

    /// <summary>The first breach in one line; none if the invariant holds.</summary>
    string? FindBreach(Trace<TState, TMessage> trace);
}
