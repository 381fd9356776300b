using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>One thing that happened in a run.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Where it happened; <c>default</c> for what belongs to a snapshot and to no process.</param>
public abstract record TraceEvent<TState, TMessage>(ProcessId Process)
{
    /// <summary>When, in milliseconds of the run's own clock; for people, no invariant reads it.</summary>
    public long AtMs { get; internal set; }

    /// <summary>The epoch that it belongs to; <c>default</c> if it belongs to none.</summary>
    public Epoch Epoch { get; internal set; }

    /// <summary>Adds what the event says to the hash of a trace.</summary>
    internal virtual void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application) => hash.Add(Process);
}
