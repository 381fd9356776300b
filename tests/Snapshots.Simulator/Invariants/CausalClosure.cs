using System.Globalization;

namespace Snapshots.Simulator;

/// <summary>
/// <c>causality</c>: no cut of a completed snapshot knows of anything that another member did after its own. Told by
/// vector clocks (Mattern 1989) that only this invariant keeps: a process's own entry counts its steps, a message
/// carries its sender's clock.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class CausalClosure<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "causality";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var index = trace.Index;
        if (index.Completed.IsEmpty) return null;
        var clocks = ClocksOf(index);
        foreach (var completed in index.Completed)
        {
            var cuts = new Cuts<TState, TMessage>(index, completed);
            foreach (var (process, place) in cuts.Places)
            {
                var clock = clocks[index.HistoryOf(process)!.Number][place];
                foreach (var (other, otherPlace) in cuts.Places)
                {
                    var otherNumber = index.HistoryOf(other)!.Number;
                    if (other == process || clock[otherNumber] <= clocks[otherNumber][otherPlace][otherNumber]) continue;
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"snapshot {completed.Snapshot}: the cut of {process} knows of step {clock[otherNumber]} of {other}, which was cut at step {clocks[otherNumber][otherPlace][otherNumber]}");
                }
            }
        }

        return null;
    }

    /// <summary>The clock after each step, by process and place.</summary>
    private static int[][][] ClocksOf(TraceIndex<TState, TMessage> index)
    {
        var count = index.Processes.Length;
        var clocks = new int[count][][];
        foreach (var history in index.Processes) clocks[history.Number] = new int[history.Steps.Count][];
        var deliveries = new Dictionary<Snapshots.Protocol.ChannelId, int>();
        foreach (var (history, place) in index.Steps)
        {
            var clock = new int[count];
            if (place > 0) clocks[history.Number][place - 1].CopyTo(clock, 0);
            if (history.Steps[place] is DeliveryStep<TState, TMessage> delivery)
            {
                var id = new Snapshots.Protocol.ChannelId(delivery.Source, delivery.Process);
                var number = deliveries.GetValueOrDefault(id);
                deliveries[id] = number + 1;
                var channel = index.ChannelOf(id)!;
                if (number < channel.Sent.Count) Merge(clock, clocks[index.HistoryOf(delivery.Source)!.Number][channel.Sent[number].Place]);
            }

            clock[history.Number]++;
            clocks[history.Number][place] = clock;
        }

        return clocks;
    }

    /// <summary>
    /// A step that was not placed yet has no clock: then the trace is in no causal order, which other invariants tell.
    /// </summary>
    private static void Merge(int[] clock, int[]? sent)
    {
        if (sent is null) return;
        for (var process = 0; process < clock.Length; process++) clock[process] = Math.Max(clock[process], sent[process]);
    }
}
