using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A state on its way to the next.</summary>
internal sealed class SearchTransition(SearchModel model, ProcessStepper stepper, Variant variant, int[] state)
{
    private readonly SearchTables _tables = model.Tables;
    private readonly SearchLayout _layout = model.Layout;

    public int[] State { get; } = state;

    public InvariantBreach? Breach { get; private set; }

    public bool HasCompleted { get; private set; }

    private OfficeSlot Office
    {
        get => _tables.Offices[State[_layout.Office]];
        set => State[_layout.Office] = _tables.Add(value);
    }

    public void Take(SearchAction action)
    {
        var (kind, where, other, item) = (action.Kind, action.Where, action.Other, action.Item);
        switch (kind)
        {
            case SearchActionKind.Begin:
                Begin(where);
                break;
            case SearchActionKind.Join:
                Office = Office with { Registered = Office.Registered | (1 << where) };
                Step(where, StepKind.Join, model.Announced(Office));
                break;
            case SearchActionKind.Request:
                Step(where, StepKind.Request, item);
                break;
            case SearchActionKind.Record:
                Step(where, StepKind.Record, model.Announced(Office), other);
                break;
            case SearchActionKind.Deliver:
                Remove(_layout.Frames(where, other), item);
                Step(other, StepKind.Frame, item);
                break;
            case SearchActionKind.Repeat:
                Office = Office with { Repetitions = Office.Repetitions - 1 };
                Step(other, StepKind.Frame, item);
                break;
            case SearchActionKind.Acknowledge:
                Remove(_layout.Acknowledgements(where, other), item);
                Step(where, StepKind.Acknowledgement, item);
                break;
            case SearchActionKind.Report:
                Remove(_layout.Reports(where), item);
                Collect(item);
                break;
            case SearchActionKind.Lose:
                Lose(_layout.Frames(where, other), item);
                break;
            case SearchActionKind.LoseAcknowledgement:
                Lose(_layout.Acknowledgements(where, other), item);
                break;
            case SearchActionKind.LoseReport:
                Lose(_layout.Reports(where), item);
                break;
            case SearchActionKind.ReportAgain:
                foreach (var report in model.UnacceptedReportsOf(State[where])) Send(report);
                break;
            case SearchActionKind.Resend:
                Step(where, StepKind.Resend, other);
                break;
            case SearchActionKind.Learn:
                Step(where, StepKind.Learn, model.Announced(Office));
                break;
            case SearchActionKind.Abort:
                End(where, CollectorPhase.Aborted, null);
                break;
            case SearchActionKind.Write:
                Write(where);
                break;
            case SearchActionKind.Perform:
                var slot = _tables.Processes[State[where]];
                State[where] = _tables.Add(slot with { Written = SearchEffects.None });
                Perform(slot.Written);
                break;
            default:
                Office = Office with { Crashes = Office.Crashes - 1 };
                State[where] = stepper.Restart(State[where]);
                break;
        }
    }

    private void Begin(int snapshot)
    {
        Office = Office with { Highest = snapshot, Open = Office.Open | (1 << (snapshot - 1)) };
        ImmutableArray<ProcessId> members =
            [.. Enumerable.Range(0, _layout.Processes).Where(process => (Office.Registered & (1 << process)) != 0).Select(ProcessNames.Of)];
        State[_layout.Collector(snapshot)] = _tables.Add(new CollectorSlot(CollectorPhase.Running, members, [], null), members);
    }

    private void Step(int process, StepKind kind, int value, int other = 0)
    {
        var result = stepper.Take(State[process], kind, value, other);
        State[process] = result.Slot;
        Breach ??= result.Breach;
        Perform(result.Effects);
    }

    private void Write(int process)
    {
        var slot = _tables.Processes[State[process]];
        State[process] = _tables.Add(slot with
        {
            StoredRecord = slot.Record,
            StoredHistory = slot.History,
            Written = slot.Unwritten,
            Unwritten = SearchEffects.None,
        });
    }

    private void Perform(SearchEffects effects)
    {
        foreach (var frame in effects.Frames)
        {
            var channel = _tables.Frames[frame].Channel;
            Put(_layout.Frames(NumberOf(channel.Source), NumberOf(channel.Target)), frame, model.Case.Reorders);
        }

        foreach (var acknowledgement in effects.Acknowledgements)
        {
            var channel = _tables.Acknowledgements[acknowledgement].Channel;
            var source = NumberOf(channel.Source);
            if (model.Case.AcknowledgementsTravel) Put(_layout.Acknowledgements(source, NumberOf(channel.Target)), acknowledgement, sort: false);
            else Step(source, StepKind.Acknowledgement, acknowledgement);
        }

        foreach (var report in effects.Reports)
        {
            if (model.Case.ReportsTravel) Send(report);
            else Collect(report);
        }
    }

    private void Send(int report)
    {
        var place = _layout.Reports((int)_tables.Reports[report].Snapshot.Value);
        if (!_tables.Queues[State[place]].Contains(report)) Put(place, report, sort: true);
    }

    private void Collect(int report)
    {
        var word = _tables.Reports[report];
        var snapshot = (int)word.Snapshot.Value;
        var collector = model.CollectorOf(State, snapshot);
        if (collector.Phase == CollectorPhase.Running)
        {
            var ledger = new PartLedger<LedgerState, LedgerMessage>(
                word.Snapshot, Epoch.First, new Partition(1), part: 0, life: 1, collector.Members);
            foreach (var earlier in collector.Reports) ledger.Accept(_tables.Reports[earlier]);
            if (ledger.Accept(word) == ReportVerdict.Accepted)
            {
                collector = collector with { Reports = collector.Reports.Add(report) };
                State[_layout.Collector(snapshot)] = _tables.Add(collector, ledger.MissesLocalStates ? [.. ledger.Awaited] : []);
            }

            var ruling = CollectionRuling.Of([variant.Arrive(new PartView(1, ledger.GetStanding())).Standing]);
            if (ruling.Status == CollectionStatus.Complete) End(snapshot, CollectorPhase.Completed, Assemble(collector));
            else if (ruling.Status == CollectionStatus.Failed) Breach ??= new("certificate", $"snapshot {snapshot}: {ruling.Reason}");
        }

        Step(NumberOf(word.Process), StepKind.Accept, report);
    }

    private LedgerSnapshot Assemble(CollectorSlot collector)
    {
        var assembly = new GlobalStateAssembly<LedgerState, LedgerMessage>(collector.Members);
        foreach (var report in collector.Reports) assembly.Add(_tables.Reports[report]);
        return assembly.Assemble().State;
    }

    private void End(int snapshot, CollectorPhase phase, LedgerSnapshot? globalState)
    {
        HasCompleted |= phase == CollectorPhase.Completed;
        Office = Office with { Open = Office.Open & ~(1 << (snapshot - 1)) };
        var reports = phase == CollectorPhase.Completed ? model.CollectorOf(State, snapshot).Reports : [];
        State[_layout.Collector(snapshot)] = _tables.Add(new CollectorSlot(phase, [], reports, globalState), []);
    }

    private void Put(int place, int item, bool sort)
    {
        var queue = _tables.Queues[State[place]].Add(item);
        State[place] = _tables.Add(sort ? queue.Sort() : queue);
    }

    private void Remove(int place, int item) => State[place] = _tables.Add(_tables.Queues[State[place]].Remove(item));

    private void Lose(int place, int item)
    {
        Office = Office with { Losses = Office.Losses - 1 };
        Remove(place, item);
    }

    private static int NumberOf(ProcessId process) => process.Value[0] - 'a';
}
