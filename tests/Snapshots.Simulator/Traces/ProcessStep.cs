using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A step of a process's own history: of the application, or a cut. The steps of a process stand in a trace in the
/// order in which they were taken.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Whose step.</param>
/// <param name="State">The state after it.</param>
/// <param name="Sent">What it sends, in order.</param>
public abstract record ProcessStep<TState, TMessage>(ProcessId Process, TState State, ImmutableArray<Outgoing<TMessage>> Sent)
    : TraceEvent<TState, TMessage>(Process)
{
    /// <summary>Whether a crash took it away before it was persisted: then it never belonged to the history.</summary>
    public bool IsLost { get; set; }

    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        hash.Add(Process);
        hash.Add(application.FingerprintOf(State));
        hash.Add(IsLost ? 1L : 0);
        foreach (var (target, message) in Sent)
        {
            hash.Add(target);
            hash.Add(application.Fingerprint(message));
        }
    }
}
