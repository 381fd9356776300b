using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The steps of one process that were not lost.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Process">The process.</param>
/// <param name="Number">Its place among the processes of the trace, in order of their names.</param>
public sealed record ProcessHistory<TState, TMessage>(ProcessId Process, int Number)
{
    private readonly List<ProcessStep<TState, TMessage>> _steps = [];
    private readonly List<(SnapshotNumber Snapshot, int Place)> _cuts = [];

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<ProcessStep<TState, TMessage>> Steps => _steps;

    /// <summary>
    /// The snapshots that it recorded, in order, each with the place of the cut in <see cref="Steps"/>.
    /// </summary>
    public IReadOnlyList<(SnapshotNumber Snapshot, int Place)> Cuts => _cuts;

    /// <summary>
    /// Its first cut of a snapshot as a place in <see cref="Steps"/>; none if it has not recorded it.
    /// </summary>
    public int? CutOf(SnapshotNumber snapshot)
    {
        foreach (var (recorded, place) in _cuts)
        {
            if (recorded == snapshot) return place;
        }

        return null;
    }

    internal void Add(ProcessStep<TState, TMessage> step)
    {
        if (step is CutStep<TState, TMessage> cut) _cuts.Add((cut.Report.Snapshot, _steps.Count));
        _steps.Add(step);
    }
}
