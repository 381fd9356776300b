using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A restore is stored.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Restore">Its number.</param>
public sealed record RestoreBegun<TState, TMessage>(RestoreNumber Restore) : TraceEvent<TState, TMessage>(default(ProcessId));

/// <summary>A restore is committed: its epoch is stored.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Restore">Its number.</param>
/// <param name="Source">The snapshot that it goes back to.</param>
/// <param name="Made">The epoch that it makes.</param>
public sealed record RestoreCommitted<TState, TMessage>(RestoreNumber Restore, SnapshotNumber Source, Epoch Made)
    : TraceEvent<TState, TMessage>(default(ProcessId));

/// <summary>A restore has ended.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Restore">Its number.</param>
/// <param name="IsCompleted">Whether it was completed, and not aborted.</param>
public sealed record RestoreEnded<TState, TMessage>(RestoreNumber Restore, bool IsCompleted) : TraceEvent<TState, TMessage>(default(ProcessId));

/// <summary>A reader was told the state of a process.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">The process.</param>
/// <param name="State">What the reader was told.</param>
public sealed record StateRead<TState, TMessage>(ProcessId Process, TState State) : TraceEvent<TState, TMessage>(Process)
{
    /// <summary>Whether another activation has written since the one that answers has read.</summary>
    public bool IsStale { get; init; }

    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(application.FingerprintOf(State));
    }
}

/// <summary>A client takes the answer to a request or a read; its epoch is that of the answer.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Client">Which client.</param>
/// <param name="Process">Which process has answered.</param>
public sealed record AnswerTaken<TState, TMessage>(int Client, ProcessId Process) : TraceEvent<TState, TMessage>(Process);
