using Snapshots.Protocol;

namespace Snapshots.Simulation;

/// <summary>The steps of one process that were not lost.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">The process.</param>
/// <param name="Number">Its place among the processes of the trace, in order of their names.</param>
public sealed record ProcessHistory<TState, TMessage>(ProcessId Process, int Number)
{
    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<ProcessStep<TState, TMessage>> Steps => StepList;

    internal List<ProcessStep<TState, TMessage>> StepList { get; } = [];

    /// <summary>Its cut of a snapshot as a place in <see cref="Steps"/>; none if it has not recorded it.</summary>
    public int? CutOf(SnapshotNumber snapshot)
    {
        for (var place = 0; place < StepList.Count; place++)
        {
            if (StepList[place] is CutStep<TState, TMessage> cut && cut.Report.Snapshot == snapshot) return place;
        }

        return null;
    }
}
