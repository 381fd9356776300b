using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>All invariants that one trace can be judged by.</summary>
public static class InvariantSet
{
    /// <summary>The invariants, in the order in which they are told.</summary>
    public static ImmutableArray<IInvariant<TState, TMessage>> Create<TState, TMessage>() =>
    [
        new FirstInFirstOut<TState, TMessage>(),
        new NoOrphan<TState, TMessage>(),
        new LocalStates<TState, TMessage>(),
        new ChannelStates<TState, TMessage>(),
        new Conservation<TState, TMessage>(),
        new CausalClosure<TState, TMessage>(),
        new Reordering<TState, TMessage>(),
        new OneRecord<TState, TMessage>(),
        new NewcomersRecord<TState, TMessage>(),
        new EverybodyListed<TState, TMessage>(),
        new OneMarker<TState, TMessage>(),
        new MarkerPlace<TState, TMessage>(),
        new Outboxes<TState, TMessage>(),
        new RecordingWindow<TState, TMessage>(),
        new ExactlyOnce<TState, TMessage>(),
        new PersistedFirst<TState, TMessage>(),
        new Recovery<TState, TMessage>(),
        new StoredFirst<TState, TMessage>(),
        new LeavesNothing<TState, TMessage>(),
        new CertificateHolds<TState, TMessage>(),
        new NoFault<TState, TMessage>(),
        new EverythingEnds<TState, TMessage>(),
        new RestoreFence<TState, TMessage>(),
        new ReadStates<TState, TMessage>(),
        new ClientsGoForward<TState, TMessage>(),
        new DamageHolds<TState, TMessage>(),
    ];

    /// <summary>Judges a trace by all of them.</summary>
    public static ImmutableArray<InvariantBreach> FindBreaches<TState, TMessage>(
        ImmutableArray<IInvariant<TState, TMessage>> invariants, Trace<TState, TMessage> trace)
    {
        var breaches = ImmutableArray.CreateBuilder<InvariantBreach>();
        var histories = EpochHistories.Of(trace);
        foreach (var invariant in invariants)
        {
            var judged = invariant.IsOfWholeRun ? [trace] : histories;
            if (judged.Select(invariant.FindBreach).FirstOrDefault(detail => detail is not null) is { } breach)
            {
                breaches.Add(new(invariant.Name, breach));
            }
        }

        return breaches.ToImmutable();
    }
}
