using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Takes the steps of single processes, on the real core. Each process is made from its record and the frames that it
/// held back, takes one input, and becomes a record again. A step that was taken before is remembered: same
/// state, same input, same effects.
/// </summary>
internal sealed class ProcessStepper
{
    private readonly Dictionary<(int Slot, StepKind Kind, int Value, int Other), StepResult> _taken = [];
    private readonly SearchCase _case;
    private readonly SearchTables _tables;
    private readonly Variant _variant;
    private readonly Profile _profile;
    private readonly StepRules _rules;
    private readonly ObservedApplication _application;
    private List<TraceEvent<LedgerState, LedgerMessage>> _events = [];

    public ProcessStepper(SearchCase @case, SearchTables tables, Variant variant)
    {
        _case = @case;
        _tables = tables;
        _variant = variant;
        _profile = new Profile
        {
            Processes = @case.Processes,
            Opening = @case.Opening,
            Participant = new() { Markers = @case.Markers },
        };
        _rules = new(tables, variant.Application);
        _application = new(variant.Application, step => _events.Add(step));
    }

    /// <summary>A process that is there from the start: joined, with a deposit and its channels.</summary>
    public int Create(int process)
    {
        var (id, fresh) = (ProcessNames.Of(process), Newcomer(process));
        if (process >= _case.Processes - _case.Newcomers) return _tables.Add(fresh);
        var core = _variant.Create(id, _application, _profile, record: null, default);
        core.Join(_profile.Epoch, SnapshotAnnouncement.None, default);
        Apply(core, new LedgerRequest(_case.Transfers.Length + process + 1, default, SearchCase.Deposit));
        foreach (var (source, target) in _case.Channels)
        {
            if (source == process) core.OpenChannel(ProcessNames.Of(target), default);
            else if (target == process && _case.Opening == ChannelOpening.Pair) core.OpenChannel(ProcessNames.Of(source), default);
        }

        core.TakeEffects();
        var (record, history) = (_tables.Add(core.ToRecord()), AddHistory(-1));
        return _tables.Add(_case.WritesApart
            ? fresh with { Record = record, History = history, StoredRecord = record, StoredHistory = history }
            : fresh with { Record = record, History = history });
    }

    /// <summary>The process that is made from what is written; it sends again at once, and reports again.</summary>
    public int Restart(int slot)
    {
        var before = _tables.Processes[slot];
        if (before.StoredRecord < 0) return _tables.Add(Newcomer(before.Process));
        var record = _tables.Records[before.StoredRecord];
        var core = _variant.Create(ProcessNames.Of(before.Process), _application, _profile, record, default);
        var reports = core.UnacceptedReports().ToList();
        core.Resend(default);
        var effects = core.TakeEffects();
        _events = [];
        AddFrames(core, effects, record, before.StoredHistory);
        return _tables.Add(before with
        {
            Record = before.StoredRecord,
            History = AddHistory(before.StoredHistory),
            HeldBack = [],
            Unwritten = SearchEffects.None,
            Written = ToEffects(effects) with { Reports = [.. reports.Select(_tables.Add)] },
        });
    }

    public StepResult Take(int slot, StepKind kind, int value, int other = 0)
    {
        if (_taken.TryGetValue((slot, kind, value, other), out var taken)) return taken;
        var before = _tables.Processes[slot];
        try
        {
            taken = TakeNew(before, kind, value, other);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or OverflowException)
        {
            taken = new(slot, SearchEffects.None, new(Judge.NoException, $"{exception.GetType().Name}: {exception.Message}"));
        }

        _taken.Add((slot, kind, value, other), taken);
        return taken;
    }

    private StepResult TakeNew(ProcessSlot before, StepKind kind, int value, int other)
    {
        var record = before.Record < 0 ? null : _tables.Records[before.Record];
        var core = _variant.Create(ProcessNames.Of(before.Process), _application, _profile, record, default);
        foreach (var frame in before.HeldBack) core.Receive(_tables.Frames[frame], default);
        core.TakeEffects();
        _events = [];
        var state = core.State;
        Input(core, kind, value, other);
        var effects = core.TakeEffects();
        if (kind == StepKind.Resend)
        {
            effects = effects with { Frames = [.. effects.Frames.Where(frame => frame.Channel.Target == ProcessNames.Of(value))] };
        }

        AddCuts(effects, state);
        AddFrames(core, effects, record, before.History);
        var after = before with
        {
            Record = _tables.Add(core.ToRecord()),
            HeldBack = HeldBackAfter(before, core, kind, value),
            History = AddHistory(before.History),
        };
        var (now, later) = Part(ToEffects(effects));
        after = after with { Unwritten = Join(before.Unwritten, later) };
        return new(_tables.Add(after), now, _rules.FindBreach(core, effects));
    }

    private void Input(HostedProcess core, StepKind kind, int value, int other)
    {
        switch (kind)
        {
            case StepKind.Join:
                core.Join(_profile.Epoch, AnnouncementOf(value), default);
                break;
            case StepKind.Request:
                var transfer = _case.Transfers[value];
                Apply(core, new LedgerRequest(value + 1, ProcessNames.Of(transfer.Target), transfer.Amount));
                break;
            case StepKind.Record:
                core.Learn(AnnouncementOf(value));
                core.Initiate(new(other), default);
                break;
            case StepKind.Frame:
                core.Receive(_tables.Frames[value], default);
                break;
            case StepKind.Acknowledgement:
                core.Receive(_tables.Acknowledgements[value], default);
                break;
            case StepKind.Learn:
                core.Learn(AnnouncementOf(value));
                break;
            case StepKind.Accept:
                core.Accept(_tables.Reports[value]);
                break;
            default:
                core.Resend(default);
                break;
        }
    }

    public SnapshotAnnouncement AnnouncementOf(int office)
    {
        var (highest, open) = (_tables.Offices[office].Highest, _tables.Offices[office].Open);
        var numbers = Enumerable.Range(1, highest).Where(number => (open & (1 << (number - 1))) != 0);
        return _variant.Announce(new(new(highest), numbers.Select(number => new SnapshotNumber(number))));
    }

    private void Apply(HostedProcess core, LedgerRequest request)
    {
        if (_variant.Application.Decide(core.State, request).Reaction is not { } reaction) return;
        _events.Add(new LocalStep<LedgerState, LedgerMessage>(core.Id, reaction.State, reaction.Messages));
        core.Apply(reaction, default);
    }

    /// <summary>
    /// Puts each cut behind the step that led to the state that was recorded, and behind the cuts that are there.
    /// </summary>
    private void AddCuts(LedgerEffects effects, LedgerState before)
    {
        foreach (var local in effects.Reports.OfType<LocalReport<LedgerState>>())
        {
            var place = _events.FindLastIndex(each => each is ProcessStep<LedgerState, LedgerMessage> step && ReferenceEquals(step.State, local.State)) + 1;
            if (place == 0 && !ReferenceEquals(before, local.State)) place = _events.Count;
            _events.Insert(place, new CutStep<LedgerState, LedgerMessage>(local));
        }
    }

    /// <summary>
    /// Frames that are sent again are left out, since they tell nothing new, unless they have become void. Before the
    /// first frame of a channel, and each frame of one that may owe markers, stands what its sender knows: of a snapshot
    /// that has ended it owes none.
    /// </summary>
    private void AddFrames(HostedProcess core, LedgerEffects effects, LedgerRecord? before, int history)
    {
        foreach (var frame in effects.Frames)
        {
            var channel = before?.Outgoing.FirstOrDefault(each => each.Target == frame.Channel.Target);
            if (frame.First <= channel?.Last && !IsNewVoid(frame, history)) continue;
            if ((channel is null || channel.Last == default || _case.Markers == MarkerPolicy.Owed) && core.Known.Highest != default)
            {
                _events.Add(new RecordPersisted<LedgerState, LedgerMessage>(core.ToRecord() with { Outgoing = [], Incoming = [], Recordings = [] }));
            }

            _events.Add(new FrameSent<LedgerState, LedgerMessage>(frame));
        }
    }

    private bool IsNewVoid(LedgerFrame frame, int history) =>
        frame.Content is VoidContent<LedgerMessage>
        && !_tables.EventsOf(history).Any(each => each is FrameSent<LedgerState, LedgerMessage> { Frame: { Content: VoidContent<LedgerMessage> } known }
            && known.Channel == frame.Channel
            && known.First == frame.First
            && known.Last == frame.Last);

    private int AddHistory(int history)
    {
        foreach (var each in _events) history = _tables.Add(history, each);
        _events = [];
        return history;
    }

    private ImmutableArray<int> HeldBackAfter(ProcessSlot before, HostedProcess core, StepKind kind, int value)
    {
        if (core.HeldBackFrames == 0) return [];
        var candidates = kind == StepKind.Frame ? before.HeldBack.Add(value) : before.HeldBack;
        return [.. candidates.Where(frame => core.IncomingFrom(_tables.Frames[frame].Channel.Source) is { } channel
            && _tables.Frames[frame].First > channel.Delivered.Next).Distinct().Order()];
    }

    private SearchEffects ToEffects(LedgerEffects effects) => new(
        [.. effects.Frames.Select(_tables.Add)],
        [.. effects.Acknowledgements.Select(Relevant).Select(_tables.Add)],
        [.. effects.Reports.Select(_tables.Add)]);

    /// <summary>Where no sender heeds what an acknowledgement says of recordings, it makes no two states of one.</summary>
    private Acknowledgement Relevant(Acknowledgement acknowledgement) =>
        _case.Markers == MarkerPolicy.Owed ? acknowledgement : acknowledgement with { Recording = [] };

    /// <summary>What is performed at once, and what waits for a write.</summary>
    private (SearchEffects Now, SearchEffects Later) Part(SearchEffects effects)
    {
        if (!_case.WritesApart) return (effects, SearchEffects.None);
        var now = new SearchEffects(_variant.SendsFirst ? effects.Frames : [], _variant.AcknowledgesFirst ? effects.Acknowledgements : [], []);
        return (now, new(_variant.SendsFirst ? [] : effects.Frames, _variant.AcknowledgesFirst ? [] : effects.Acknowledgements, effects.Reports));
    }

    /// <summary>Any number of deliveries on a channel leave as one acknowledgement, the last.</summary>
    private SearchEffects Join(SearchEffects left, SearchEffects right) => new(
        left.Frames.AddRange(right.Frames),
        left.Acknowledgements
            .RemoveAll(old => right.Acknowledgements.Any(each => _tables.Acknowledgements[each].Channel == _tables.Acknowledgements[old].Channel))
            .AddRange(right.Acknowledgements),
        left.Reports.AddRange(right.Reports));

    private static ProcessSlot Newcomer(int process) => new(process, -1, [], -1, SearchEffects.None, -1, -1, SearchEffects.None);
}
