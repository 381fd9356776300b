using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>All parts of the states of one search; a state is a row of their numbers.</summary>
internal sealed class SearchTables
{
    private readonly KeyWriter _key = new();

    public Table<LedgerRecord> Records { get; } = new();

    public Table<LedgerFrame> Frames { get; } = new();

    public Table<Acknowledgement> Acknowledgements { get; } = new();

    public Table<Report> Reports { get; } = new();

    public Table<SearchHistory> Histories { get; } = new();

    public Table<ProcessSlot> Processes { get; } = new();

    public Table<ImmutableArray<int>> Queues { get; } = new();

    public Table<CollectorSlot> Collectors { get; } = new();

    public Table<OfficeSlot> Offices { get; } = new();

    public int Add(LedgerRecord record) => Records.Add(LedgerRecordCodec.ToBytes(record), record);

    public int Add(LedgerFrame frame) => Frames.Add(_key.Clear().Add(frame).Add(frame.Acknowledged.Value).Bytes, frame);

    public int Add(Acknowledgement acknowledgement) => Acknowledgements.Add(
        _key.Clear()
            .Add(acknowledgement.Channel.Source)
            .Add(acknowledgement.Channel.Target)
            .Add(acknowledgement.Epoch.Value)
            .Add(acknowledgement.UpTo.Value)
            .Add(unchecked((long)acknowledgement.Digest.Value))
            .Add([.. acknowledgement.Recording.Select(each => (int)each.Value)]).Bytes,
        acknowledgement);

    public int Add(Report report) => Reports.Add(_key.Clear().Add(report).Bytes, report);

    public int Add(ImmutableArray<int> queue) => Queues.Add(_key.Clear().Add(queue).Bytes, queue);

    public int Add(OfficeSlot office) => Offices.Add(
        _key.Clear()
            .Add(office.Highest)
            .Add(office.Open)
            .Add(office.Registered)
            .Add(office.Losses)
            .Add(office.Repetitions)
            .Add(office.Crashes).Bytes,
        office);

    /// <summary>The order in which reports came counts only as far as the collector shows it.</summary>
    public int Add(CollectorSlot collector, IReadOnlyCollection<ProcessId> missing)
    {
        _key.Clear().Add((long)collector.Phase).Add(collector.Members.Length);
        foreach (var member in collector.Members) _key.Add(member);
        _key.Add([.. collector.Reports.Order()]).Add(missing.Count);
        foreach (var process in missing) _key.Add(process);
        return Collectors.Add(_key.Bytes, collector);
    }

    public int Add(ProcessSlot slot)
    {
        _key.Clear().Add(slot.Process).Add(slot.Record).Add(slot.HeldBack).Add(slot.History);
        Add(slot.Unwritten);
        _key.Add(slot.StoredRecord).Add(slot.StoredHistory);
        Add(slot.Written);
        return Processes.Add(_key.Bytes, slot);
    }

    /// <summary>The history with one more event.</summary>
    public int Add(int history, TraceEvent<LedgerState, LedgerMessage> happened)
    {
        _key.Clear().Add(history);
        switch (happened)
        {
            case CutStep<LedgerState, LedgerMessage> cut:
                _key.Add(1).Add(cut.Report);
                break;
            case DeliveryStep<LedgerState, LedgerMessage> delivery:
                _key.Add(2).Add(delivery.Source).Add(delivery.Message).Add(delivery.State);
                break;
            case ProcessStep<LedgerState, LedgerMessage> step:
                _key.Add(3).Add(step.State);
                break;
            case FrameSent<LedgerState, LedgerMessage> sent:
                _key.Add(4).Add(sent.Frame);
                break;
            case RecordPersisted<LedgerState, LedgerMessage> { Record: var record }:
                _key.Add(5).Add(record.State).Add(record.Known.Highest.Value);
                foreach (var open in record.Known.Open) _key.Add(open.Value);
                break;
            default:
                throw new ArgumentException($"{happened.GetType().Name} is no part of a history", nameof(happened));
        }

        return Histories.Add(_key.Bytes, new(history, happened, history < 0 ? 1 : Histories[history].Length + 1));
    }

    /// <summary>The events of a history behind an earlier one, in order.</summary>
    public IReadOnlyList<TraceEvent<LedgerState, LedgerMessage>> EventsOf(int history, int since = -1)
    {
        var events = new List<TraceEvent<LedgerState, LedgerMessage>>();
        for (; history != since && history >= 0; history = Histories[history].Before) events.Add(Histories[history].Event);
        events.Reverse();
        return events;
    }

    private void Add(SearchEffects effects) => _key.Add(effects.Frames).Add(effects.Acknowledgements).Add(effects.Reports);
}
