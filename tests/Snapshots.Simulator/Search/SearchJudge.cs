using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>
/// Holds the invariants of the simulator against a state. All that they ask for is in the state itself: the history of
/// each process, its record, and the global states. So it does not matter by which schedule the state was reached.
/// </summary>
internal sealed class SearchJudge(SearchTables tables, SearchLayout layout, LedgerApplication application)
{
    private static readonly ImmutableArray<IInvariant<LedgerState, LedgerMessage>> OnTheWay =
    [
        new FirstInFirstOut<LedgerState, LedgerMessage>(),
        new NoOrphan<LedgerState, LedgerMessage>(),
        new LocalStates<LedgerState, LedgerMessage>(),
        new ChannelStates<LedgerState, LedgerMessage>(),
        new Conservation<LedgerState, LedgerMessage>(),
        new CausalClosure<LedgerState, LedgerMessage>(),
        new Reordering<LedgerState, LedgerMessage>(),
        new OneRecord<LedgerState, LedgerMessage>(),
        new OneMarker<LedgerState, LedgerMessage>(),
        new MarkerPlace<LedgerState, LedgerMessage>(),
        new RecordingWindow<LedgerState, LedgerMessage>(),
        new ExactlyOnce<LedgerState, LedgerMessage>(),
        new CertificateHolds<LedgerState, LedgerMessage>(),
    ];

    private static readonly EverythingEnds<LedgerState, LedgerMessage> Ends = new();

    private readonly Dictionary<int[], InvariantBreach?> _judged = new(StateComparer.Instance);
    private ImmutableArray<LedgerState> _result;

    public InvariantBreach? FindBreach(int[] state, bool atEnd)
    {
        if (atEnd && FindLeft(state) is { } left) return left;
        int[] key = [.. Part(state), .. state.AsSpan(layout.Collector(1), layout.Snapshots), atEnd ? 1 : 0];
        if (_judged.TryGetValue(key, out var known)) return known;
        var trace = ToTrace(state, atEnd);
        var breaches = InvariantSet.FindBreaches(OnTheWay, trace);
        var breach = breaches.IsEmpty ? null : breaches[0];
        if (atEnd && breach is null) breach = Ends.FindBreach(trace) is { } open ? new(Ends.Name, open) : FindOtherResult(trace);
        _judged.Add(key, breach);
        return breach;
    }

    /// <summary>The numbers of records and histories: effects and writes under way are left out.</summary>
    private IEnumerable<int> Part(int[] state)
    {
        for (var process = 0; process < layout.Processes; process++)
        {
            var slot = tables.Processes[state[process]];
            yield return slot.Record;
            yield return slot.History;
            yield return slot.HeldBack.Length;
        }
    }

    private LedgerTrace ToTrace(int[] state, bool atEnd)
    {
        var trace = new LedgerTrace(application) { IsHealed = atEnd };
        var slots = state.Take(layout.Processes).Select(slot => tables.Processes[slot]).Where(slot => slot.Record >= 0).ToList();
        foreach (var each in CausalOrder.Merge(slots.Select(slot => tables.EventsOf(slot.History)))) trace.Add(each);
        foreach (var slot in slots) trace.Add(new RecordPersisted<LedgerState, LedgerMessage>(tables.Records[slot.Record]));
        for (var snapshot = 1; snapshot <= layout.Snapshots; snapshot++)
        {
            var collector = tables.Collectors[state[layout.Collector(snapshot)]];
            if (collector.Phase != CollectorPhase.NotBegun) trace.Add(new SnapshotBegun<LedgerState, LedgerMessage>(new(snapshot)));
            if (collector.State is { } global) trace.Add(new SnapshotCompleted<LedgerState, LedgerMessage>(new(snapshot), global));
            else if (collector.Phase == CollectorPhase.Aborted) trace.Add(new SnapshotAborted<LedgerState, LedgerMessage>(new(snapshot), "asked for", true));
        }

        if (!atEnd) return trace;
        foreach (var slot in slots)
        {
            trace.Add(new ProcessAtRest<LedgerState, LedgerMessage>(tables.Records[slot.Record], slot.HeldBack.Length, UnansweredRequests: 0));
        }

        return trace;
    }

    /// <summary>What is on its way goes nowhere.</summary>
    private InvariantBreach? FindLeft(int[] state)
    {
        for (var place = layout.Processes; place < layout.Collector(1); place++)
        {
            if (!tables.Queues[state[place]].IsEmpty) return new(Ends.Name, "something on its way is never taken");
        }

        return null;
    }

    /// <summary>No schedule, and so no snapshot and no fault, changes what the transfers come to.</summary>
    private InvariantBreach? FindOtherResult(LedgerTrace trace)
    {
        ImmutableArray<LedgerState> result =
            [.. trace.Events.OfType<ProcessAtRest<LedgerState, LedgerMessage>>().Select(rest => rest.Record.State)];
        if (_result.IsDefault) _result = result;
        return result.SequenceEqual(_result)
            ? null
            : new(Judge.SameResult, $"it ends as {string.Join(", ", result)}, and in another schedule as {string.Join(", ", _result)}");
    }
}
