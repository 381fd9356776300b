using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Finds what may happen in a state, always in the same order.</summary>
internal sealed class SearchActions(SearchModel model, int[] state)
{
    private readonly SearchCase _case = model.Case;
    private readonly SearchTables _tables = model.Tables;
    private readonly SearchLayout _layout = model.Layout;
    private readonly OfficeSlot _office = model.OfficeOf(state);
    private readonly List<SearchAction> _found = [];

    public IReadOnlyList<SearchAction> Find()
    {
        for (var process = 0; process < _layout.Processes; process++)
        {
            if (SlotOf(process).Record < 0) _found.Add(new(SearchActionKind.Join, process));
            else AddJoined(process);
            AddWrites(process);
        }

        for (var snapshot = 1; snapshot <= _layout.Snapshots; snapshot++) AddSnapshot(snapshot);
        for (var source = 0; source < _layout.Processes; source++)
        {
            for (var target = 0; target < _layout.Processes; target++) AddChannel(source, target);
        }

        return _found;
    }

    private void AddJoined(int process)
    {
        var record = _tables.Records[SlotOf(process).Record];
        for (var item = 0; item < _case.Transfers.Length; item++)
        {
            if (_case.Transfers[item].Source != process || record.State.OutcomeOf(item + 1) is not null) continue;
            _found.Add(new(SearchActionKind.Request, process, 0, item));
            break;
        }

        if (record.Recordings.Any(recording => HasEnded(recording.Snapshot))) _found.Add(new(SearchActionKind.Learn, process));
        for (var target = 0; target < _layout.Processes; target++)
        {
            if (IsQuiet(record, process, target)) _found.Add(new(SearchActionKind.Resend, process, target));
        }
    }

    /// <summary>Whether frames wait for an acknowledgement that nothing on its way will bring.</summary>
    private bool IsQuiet(LedgerRecord record, int source, int target)
    {
        if (!record.Outgoing.Any(channel => channel.Target == ProcessNames.Of(target) && !channel.Unacknowledged.IsEmpty)) return false;
        return QueueAt(_layout.Frames(source, target)).IsEmpty
            && QueueAt(_layout.Acknowledgements(source, target)).IsEmpty
            && HasNothingToDo(SlotOf(source))
            && HasNothingToDo(SlotOf(target));
    }

    private void AddWrites(int process)
    {
        if (!_case.WritesApart) return;
        var slot = SlotOf(process);
        if (!slot.Written.IsEmpty) _found.Add(new(SearchActionKind.Perform, process));
        else if (!slot.Unwritten.IsEmpty || slot.Record != slot.StoredRecord) _found.Add(new(SearchActionKind.Write, process));
        if (_office.Crashes > 0 && slot.Record >= 0) _found.Add(new(SearchActionKind.Crash, process));
    }

    private void AddSnapshot(int snapshot)
    {
        var collector = model.CollectorOf(state, snapshot);
        if (collector.Phase == CollectorPhase.NotBegun && _office.Highest == snapshot - 1) _found.Add(new(SearchActionKind.Begin, snapshot));
        if (collector.Phase == CollectorPhase.Running)
        {
            foreach (var process in _case.Snapshots[snapshot - 1].Initiators) AddInitiator(process, snapshot);
            if (_case.Snapshots[snapshot - 1].MayAbort) _found.Add(new(SearchActionKind.Abort, snapshot));
        }

        if (!_case.ReportsTravel) return;
        var reports = QueueAt(_layout.Reports(snapshot));
        foreach (var report in reports)
        {
            _found.Add(new(SearchActionKind.Report, snapshot, 0, report));
            if (_office.Losses > 0) _found.Add(new(SearchActionKind.LoseReport, snapshot, 0, report));
        }

        if (_case.Losses == 0 || !reports.IsEmpty) return;
        for (var process = 0; process < _layout.Processes; process++)
        {
            if (!HasNothingToDo(SlotOf(process))) continue;
            var isMissing = model.UnacceptedReportsOf(state[process]).Any(report => _tables.Reports[report].Snapshot.Value == snapshot);
            if (isMissing) _found.Add(new(SearchActionKind.ReportAgain, process));
        }
    }

    private void AddInitiator(int process, int snapshot)
    {
        if (SlotOf(process).Record is not (>= 0 and var number)) return;
        var record = _tables.Records[number];
        if (record.Recordings.Any(recording => recording.Snapshot.Value == snapshot) || record.Known.HasEnded(new(snapshot))) return;
        _found.Add(new(SearchActionKind.Record, process, snapshot));
    }

    private void AddChannel(int source, int target)
    {
        if (QueueAt(_layout.Acknowledgements(source, target)) is [var acknowledgement, ..])
        {
            _found.Add(new(SearchActionKind.Acknowledge, source, target, acknowledgement));
            if (_office.Losses > 0) _found.Add(new(SearchActionKind.LoseAcknowledgement, source, target, acknowledgement));
        }

        if (QueueAt(_layout.Frames(source, target)) is not [var head, ..] queue || SlotOf(target).Record < 0) return;
        foreach (var frame in _case.Reorders ? queue.Distinct() : [head])
        {
            _found.Add(new(SearchActionKind.Deliver, source, target, frame));
            if (_office.Repetitions > 0) _found.Add(new(SearchActionKind.Repeat, source, target, frame));
            if (_office.Losses > 0) _found.Add(new(SearchActionKind.Lose, source, target, frame));
        }
    }

    private bool HasEnded(SnapshotNumber snapshot) =>
        snapshot.Value <= _office.Highest && (_office.Open & (1 << ((int)snapshot.Value - 1))) == 0;

    private ProcessSlot SlotOf(int process) => _tables.Processes[state[process]];

    private ImmutableArray<int> QueueAt(int place) => _tables.Queues[state[place]];

    private static bool HasNothingToDo(ProcessSlot slot) => slot.Unwritten.IsEmpty && slot.Written.IsEmpty;
}
