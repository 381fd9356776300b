using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Splits a run with restores into one trace per epoch. What a restore says is that the run goes on from the cut of its
/// source as if nothing after that cut had happened. So the trace of an epoch is the steps and the answers before the cut,
/// in the trace of the epoch of the source, and then what happened in the new epoch: and every invariant has to hold in it.
/// </summary>
internal static class EpochHistories
{
    /// <summary>The traces, in the order of their epochs; the trace itself if no restore was committed.</summary>
    public static IReadOnlyList<Trace<TState, TMessage>> Of<TState, TMessage>(Trace<TState, TMessage> trace)
    {
        var commits = trace.Events.OfType<RestoreCommitted<TState, TMessage>>().ToList();
        if (commits.Count == 0) return [trace];
        var first = trace.Events.Select(each => each.Epoch).Where(epoch => epoch != default).Min();
        var histories = new SortedDictionary<Epoch, Trace<TState, TMessage>> { [first] = Only(trace, first, new(trace.Application)) };
        foreach (var commit in commits)
        {
            var source = histories.Values.Last(history => history.Index.Completed.Any(each => each.Snapshot == commit.Source));
            histories.Add(commit.Made, Only(trace, commit.Made, Before(source, commit.Source)));
        }

        foreach (var (epoch, history) in histories)
        {
            history.IsDiscarded = epoch != commits[^1].Made;
            history.IsHealed = trace.IsHealed && !history.IsDiscarded;
        }

        return [.. histories.Values];
    }

    /// <summary>The steps of the members before the cut of a snapshot, without cuts.</summary>
    private static Trace<TState, TMessage> Before<TState, TMessage>(Trace<TState, TMessage> history, SnapshotNumber snapshot)
    {
        var cuts = new Cuts<TState, TMessage>(history.Index, history.Index.Completed.Last(each => each.Snapshot == snapshot));
        var before = new Trace<TState, TMessage>(history.Application);
        foreach (var (process, place) in history.Index.Steps)
        {
            if (place < cuts.Find(process.Process) && process.Steps[place] is not CutStep<TState, TMessage>) before.Add(process.Steps[place]);
        }

        // What was answered before the cut still holds.
        var isCut = new HashSet<ProcessId>();
        foreach (var each in history.Events)
        {
            if (each is CutStep<TState, TMessage> { IsLost: false } cut && cut.Report.Snapshot == snapshot) isCut.Add(each.Process);
            else if (each is RequestAnswered<TState, TMessage> && cuts.Find(each.Process) is not null && !isCut.Contains(each.Process)) before.Add(each);
        }

        return before;
    }

    private static Trace<TState, TMessage> Only<TState, TMessage>(
        Trace<TState, TMessage> trace, Epoch epoch, Trace<TState, TMessage> history)
    {
        foreach (var each in trace.Events.Where(each => each.Epoch == epoch)) history.Add(each);
        return history;
    }
}
