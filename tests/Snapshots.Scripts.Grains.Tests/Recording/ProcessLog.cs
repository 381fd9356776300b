using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>
/// What all activations of one process did. The writes form a tree: each stands on the one that its activation had made
/// before, or was made from. The history of the process is the way from the root to the write that is stored now; steps
/// on no part of it were lost.
/// </summary>
internal sealed class ProcessLog<TState, TMessage>
{
    private readonly List<List<TraceEvent<TState, TMessage>>> _activations = [];
    private readonly List<StoredWrite<TState, TMessage>> _writes = [];
    private StoredWrite<TState, TMessage>? _stored;

    /// <summary>What is stored, as far as is known.</summary>
    public ProcessRecord<TState, TMessage>? Stored => _stored?.Record;

    /// <summary>How many activations started from a record.</summary>
    public int Restores { get; private set; }

    /// <summary>
    /// Starts an activation from the stored record. A record that was never written starts a new history, which the
    /// invariants find.
    /// </summary>
    public ActivationLog<TState, TMessage> Activate(ProcessRecord<TState, TMessage>? stored)
    {
        var events = new List<TraceEvent<TState, TMessage>>();
        _activations.Add(events);
        if (stored is null) return new(events, null);
        var source = _writes.FindLast(
            write => write.HasTakenEffect && RecordComparer.FindDifference(write.Record, stored) is null)
            ?? _writes.FindLast(write => RecordComparer.FindDifference(write.Record, stored) is null);
        if (source is not null && TakeEffect(source)) events.Add(new RecordPersisted<TState, TMessage>(source.Record));
        Restores++;
        events.Add(new ProcessRestored<TState, TMessage>(stored));
        return new(events, source);
    }

    public void Begin(StoredWrite<TState, TMessage> write) => _writes.Add(write);

    /// <summary>
    /// A write has taken effect. False if that was known: its writer is told later than a successor that has read it.
    /// </summary>
    public bool TakeEffect(StoredWrite<TState, TMessage> write)
    {
        if (write.HasTakenEffect) return false;
        write.HasTakenEffect = true;
        _stored = write;
        return true;
    }

    /// <summary>All events, those of an earlier activation first, and each step marked as lost or not.</summary>
    public IReadOnlyList<TraceEvent<TState, TMessage>> ToEvents()
    {
        var kept = new HashSet<ProcessStep<TState, TMessage>>(ReferenceEqualityComparer.Instance);
        for (var write = _stored; write is not null; write = write.Before) kept.UnionWith(write.Steps);
        var events = _activations.SelectMany(each => each).ToList();
        foreach (var step in events.OfType<ProcessStep<TState, TMessage>>()) step.IsLost = !kept.Contains(step);
        return events;
    }
}
