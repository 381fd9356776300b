using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A message was delivered to the application.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">The receiver.</param>
/// <param name="Source">The sender.</param>
/// <param name="Message">The message.</param>
/// <param name="State">The state after it.</param>
/// <param name="Sent">What it sends, in order.</param>
public sealed record DeliveryStep<TState, TMessage>(
    ProcessId Process, ProcessId Source, TMessage Message, TState State, ImmutableArray<Outgoing<TMessage>> Sent)
    : ProcessStep<TState, TMessage>(Process, State, Sent)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(Source);
        hash.Add(application.Fingerprint(Message));
    }
}
