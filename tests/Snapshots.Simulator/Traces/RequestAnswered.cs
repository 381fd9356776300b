using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A caller was told what became of a request.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">Who answered.</param>
/// <param name="Key">The request.</param>
/// <param name="IsAccepted">Whether it was obeyed.</param>
/// <param name="Identity">The identity of the message that an accepted request sends; none if it sends nothing.</param>
public sealed record RequestAnswered<TState, TMessage>(ProcessId Process, long Key, bool IsAccepted, long? Identity)
    : TraceEvent<TState, TMessage>(Process)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(Key);
        hash.Add(IsAccepted ? 1L : 0);
    }
}
