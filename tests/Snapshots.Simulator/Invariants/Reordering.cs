using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>reordering</c>: the theorem itself (Chandy and Lamport 1985, section 4). The steps of the run, parted into those
/// before and those after the cut and otherwise in their old order, are a legal run: each message is at the head of its
/// channel when it is delivered, and the application, run again, does the same. It passes through exactly the recorded
/// global state and ends in the same state.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class Reordering<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "reordering";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var completed in trace.Index.Completed)
        {
            if (FindBreach(trace, completed) is { } breach) return $"snapshot {completed.Snapshot}: {breach}";
        }

        return null;
    }

    private static string? FindBreach(Trace<TState, TMessage> trace, SnapshotCompleted<TState, TMessage> completed)
    {
        var index = trace.Index;
        var cuts = new Cuts<TState, TMessage>(index, completed);
        var places = new int[index.Processes.Length];
        foreach (var (process, place) in cuts.Places) places[index.HistoryOf(process)!.Number] = place;
        var run = new ReorderedRun<TState, TMessage>(trace);
        foreach (var (history, place) in index.Steps)
        {
            if (place < places[history.Number] && run.Take(history, history.Steps[place]) is { } illegal) return $"before the cut, {illegal}";
        }

        if (FindDifference(run, completed.State) is { } difference) return difference;
        foreach (var (history, place) in index.Steps)
        {
            if (place >= places[history.Number] && run.Take(history, history.Steps[place]) is { } illegal) return $"after the cut, {illegal}";
        }

        foreach (var history in index.Processes)
        {
            if (history.Steps.Count == 0) continue;
            var (expected, actual) = (history.Steps[^1].State, run.StateOf(history));
            if (!EqualityComparer<TState>.Default.Equals(expected, actual)) return $"{history.Process} ends as {actual}, not as {expected}";
        }

        return null;
    }

    private static string? FindDifference(ReorderedRun<TState, TMessage> run, GlobalState<TState, TMessage> state)
    {
        foreach (var (process, recorded) in state.Processes)
        {
            if (run.StateOf(process) is { } reached && EqualityComparer<TState>.Default.Equals(reached, recorded)) continue;
            return $"{process} is recorded as {recorded}, the run passes through {run.StateOf(process)}";
        }

        var waiting = run.CountWaiting();
        foreach (var channel in state.Channels)
        {
            var reached = run.Waiting(channel.Channel);
            waiting -= reached.Count;
            if (reached.SequenceEqual(channel.Messages.Select(each => each.Message))) continue;
            return $"{channel.Channel} is recorded as [{string.Join(", ", channel.Messages.Select(each => each.Message))}], the run passes through [{string.Join(", ", reached)}]";
        }

        return waiting == 0 ? null : "messages wait in channels that are left out";
    }
}
