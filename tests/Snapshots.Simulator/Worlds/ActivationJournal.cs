using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The steps and effects of an activation that wait for a write; puts the steps into the trace.</summary>
internal sealed class ActivationJournal(World world)
{
    private List<ProcessStep<LedgerState, LedgerMessage>> _steps = [];
    private List<LedgerEffects> _effects = [];
    private List<Report> _reports = [];

    public void Add(ProcessStep<LedgerState, LedgerMessage> step)
    {
        _steps.Add(step);
        world.Record(step);
    }

    /// <summary>Keeps effects, and puts each cut behind the step that led to the state that was recorded.</summary>
    /// <param name="effects">The effects.</param>
    /// <param name="mark">From where on the events of the trace are of the input that had the effects.</param>
    /// <param name="before">The state before that input, if it is known.</param>
    public void Keep(LedgerEffects effects, int mark, LedgerState? before)
    {
        if (effects.IsEmpty) return;
        _effects.Add(effects);
        foreach (var report in effects.Reports)
        {
            _reports.Add(report);
            if (report is not LocalReport<LedgerState> local) continue;
            var cut = new CutStep<LedgerState, LedgerMessage>(local) { AtMs = world.Schedule.NowMs };
            _steps.Add(cut);
            world.Trace.Insert(PlaceOf(local, mark, before), cut);
        }
    }

    public List<LedgerEffects> TakeEffects()
    {
        var effects = _effects;
        _effects = [];
        return effects;
    }

    public List<Report> TakeReports()
    {
        var reports = _reports;
        _reports = [];
        return reports;
    }

    public List<ProcessStep<LedgerState, LedgerMessage>> TakeSteps()
    {
        var steps = _steps;
        _steps = [];
        return steps;
    }

    /// <summary>No write will keep what waits. False if nothing does.</summary>
    public bool Lose()
    {
        Lose(_steps);
        return _steps.Count > 0;
    }

    public static void Lose(List<ProcessStep<LedgerState, LedgerMessage>> steps)
    {
        foreach (var step in steps) step.IsLost = true;
    }

    private int PlaceOf(LocalReport<LedgerState> report, int mark, LedgerState? before)
    {
        var events = world.Trace.Events;
        for (var place = events.Count - 1; place >= mark; place--)
        {
            if (events[place] is ProcessStep<LedgerState, LedgerMessage> step && step.Process == report.Process && ReferenceEquals(step.State, report.State))
            {
                return place + 1;
            }
        }

        return ReferenceEquals(before, report.State) ? mark : events.Count;
    }
}
