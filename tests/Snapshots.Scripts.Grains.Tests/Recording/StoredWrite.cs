using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>A write of a process that was begun.</summary>
/// <param name="record">What is written.</param>
/// <param name="before">The write that it stands on; none if it is the first.</param>
/// <param name="steps">The steps since that one.</param>
internal sealed class StoredWrite<TState, TMessage>(
    ProcessRecord<TState, TMessage> record,
    StoredWrite<TState, TMessage>? before,
    IReadOnlyList<ProcessStep<TState, TMessage>> steps)
{
    public ProcessRecord<TState, TMessage> Record => record;

    public StoredWrite<TState, TMessage>? Before => before;

    public IReadOnlyList<ProcessStep<TState, TMessage>> Steps => steps;

    /// <summary>
    /// Whether it is known to have taken effect; for one whose writer was lost, the next activation tells.
    /// </summary>
    public bool HasTakenEffect { get; set; }
}
