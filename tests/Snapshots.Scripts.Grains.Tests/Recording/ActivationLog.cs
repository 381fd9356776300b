using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>What one activation did.</summary>
/// <param name="events">Its events, in order.</param>
/// <param name="source">The write that it was made from; none if nothing was stored.</param>
internal sealed class ActivationLog<TState, TMessage>(
    List<TraceEvent<TState, TMessage>> events, StoredWrite<TState, TMessage>? source)
{
    public List<TraceEvent<TState, TMessage>> Events => events;

    /// <summary>The last write that has taken effect.</summary>
    public StoredWrite<TState, TMessage>? Last { get; set; } = source;

    /// <summary>The write under way.</summary>
    public StoredWrite<TState, TMessage>? Next { get; set; }

    /// <summary>
    /// Returns the record that a write stores: its checkpoint, or what its entry makes of the write before it.
    /// </summary>
    public ProcessRecord<TState, TMessage> Replay(WriteWork<TState, TMessage> write)
    {
        if (write.Checkpoint is { } checkpoint) return checkpoint;
        var replay = new ProcessReplay<TState, TMessage>(Last!.Record);
        replay.Apply(write.Entry!);
        return replay.ToRecord();
    }

    /// <summary>Steps that no write has taken yet.</summary>
    public List<ProcessStep<TState, TMessage>> Unwritten { get; set; } = [];
}
