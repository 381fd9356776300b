using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Stands between a participant and its process, and puts what the process does into the trace: each delivery and step
/// as it happens, and each cut behind the step that led to the state that was recorded.
/// </summary>
internal sealed class TracedProcess : IProcess<LedgerState, LedgerMessage>
{
    private readonly World _world;
    private readonly HostedProcess _process;
    private List<ProcessStep<LedgerState, LedgerMessage>> _steps = [];
    private LedgerEffects _effects = None;

    public TracedProcess(World world, ProcessId id, LedgerRecord? stored)
    {
        _world = world;
        _process = world.Variant.Create(id, new ObservedApplication(world.Variant.Application, Add), world.Plan.Profile, stored, world.Now);
    }

    public HostedProcess Core => _process;

    public ProcessId Id => _process.Id;

    public ProtocolLimits Limits => _world.Plan.Profile.Limits;

    public Epoch Epoch => _process.Epoch;

    public Gate Gate => _process.Gate;

    public string? Damage => _process.Damage;

    public bool IsResting => _process.IsResting;

    public RestMark RestMark => _process.RestMark;

    public LedgerState State => _process.State;

    public bool HasJoined => _process.HasJoined;

    public long Revision => _process.Revision;

    public IReadOnlyCollection<SnapshotNumber> OpenRecordings => _process.OpenRecordings;

    public Instant? UnacknowledgedSince => null;

    public bool HasUnacknowledgedFrames => _process.HasUnacknowledgedFrames;

    public bool AwaitsMarker(SnapshotNumber snapshot, ProcessId source) => _process.AwaitsMarker(snapshot, source);

    public ProcessCounters Counters => _process.Counters;

    private static LedgerEffects None { get; } = new([], [], [], [], []);

    /// <summary>Whether steps wait that no write has taken.</summary>
    public bool HasSteps => _steps.Count > 0;

    /// <summary>
    /// The record at the last <see cref="TakeRecord"/> or <see cref="TakeChange"/>: what the journal has to give back.
    /// </summary>
    public LedgerRecord? Taken { get; private set; }

    public bool HasRoom(ProcessId target, int messages) => _process.HasRoom(target, messages);

    public void Join(Epoch epoch, SnapshotAnnouncement announcement, Instant now)
    {
        _world.Record(new ProcessJoined<LedgerState, LedgerMessage>(Id, announcement) { Epoch = epoch });
        Input(() => _process.Join(epoch, announcement, now));
    }

    public void Rest()
    {
        _world.Sightings.Add(Sighting.Rests);
        _process.Rest();
    }

    public void Awake(RestMark mark, SnapshotAnnouncement announcement, Instant now) =>
        Input(() => _process.Awake(mark, announcement, now));

    public LocalStateReport RestReport() => _process.RestReport();

    public void Apply(LedgerReaction reaction, Instant now) => Input(() =>
    {
        Add(new LocalStep<LedgerState, LedgerMessage>(Id, reaction.State, reaction.Messages));
        _process.Apply(reaction, now);
    });

    public void Apply(LedgerReaction? reaction, KeyedRequest request, Instant now) => Input(() =>
    {
        if (reaction is not null) Add(new LocalStep<LedgerState, LedgerMessage>(Id, reaction.State, reaction.Messages));
        _process.Apply(reaction, request, now);
    });

    public KeyStanding Find(RequestKey key, ulong fingerprint, long wallMs, out ImmutableArray<byte> outcome) =>
        _process.Find(key, fingerprint, wallMs, out outcome);

    public KeyStanding Find(RequestKey key, long wallMs, out ImmutableArray<byte> outcome) =>
        _process.Find(key, wallMs, out outcome);

    public IEnumerable<LedgerMessage> UnacknowledgedTo(ProcessId target) => _process.UnacknowledgedTo(target);

    public bool HasChannelTo(ProcessId target) => _process.HasChannelTo(target);

    public void OpenChannel(ProcessId target, Instant now) => Input(() => _process.OpenChannel(target, now));

    public void Initiate(SnapshotNumber snapshot, Instant now) => Input(() => _process.Initiate(snapshot, now));

    public void Receive(LedgerFrame frame, Instant now) => Input(() => _process.Receive(frame, now));

    public void Receive(Acknowledgement acknowledgement, Instant now) => Input(() => _process.Receive(acknowledgement, now));

    public void Receive(EpochNotice notice) => Input(() => _process.Receive(notice));

    public void Learn(SnapshotAnnouncement announcement) => _process.Learn(announcement);

    public bool Obey(Gate gate, string? damage) => _process.Obey(gate, damage);

    public bool Restore(RestorePart<LedgerState, LedgerMessage> part, Instant now)
    {
        // The effects that were not taken are those of the history that is discarded.
        if (part.Gate.Epoch > Epoch) _effects = None;
        var isRestored = false;
        Input(() => isRestored = _process.Restore(part, now));
        return isRestored;
    }

    public void Accept(Report report) => _process.Accept(report);

    public void Resend(Instant now) => Input(() => _process.Resend(now));

    public LedgerEffects TakeEffects()
    {
        Keep(_process.TakeEffects(), _world.Trace.Events.Count, null);
        var effects = _effects;
        _effects = None;
        return effects;
    }

    public IEnumerable<Report> UnacceptedReports() => _process.UnacceptedReports();

    public LedgerRecord TakeRecord(long wallMs) => Taken = _process.TakeRecord(wallMs);

    public ProcessChange<LedgerState, LedgerMessage> TakeChange()
    {
        Taken = _process.ToRecord();
        return _process.TakeChange();
    }

    /// <summary>Takes the steps since the last time: those of the write that begins now.</summary>
    public List<ProcessStep<LedgerState, LedgerMessage>> TakeSteps()
    {
        var steps = _steps;
        _steps = [];
        return steps;
    }

    /// <summary>No write will store what waits.</summary>
    public void Lose() => Lose(_steps);

    public static void Lose(List<ProcessStep<LedgerState, LedgerMessage>> steps)
    {
        foreach (var step in steps) step.IsLost = step is not CutStep<LedgerState, LedgerMessage> { IsHanded: true };
    }

    private void Add(ProcessStep<LedgerState, LedgerMessage> step)
    {
        step.Epoch = _process.Epoch;
        _steps.Add(step);
        _world.Record(step);
    }

    private void Input(Action input)
    {
        var (mark, state) = (_world.Trace.Events.Count, _process.State);
        input();
        Keep(_process.TakeEffects(), mark, state);
    }

    private void Keep(LedgerEffects effects, int mark, LedgerState? before)
    {
        if (effects.IsEmpty) return;
        foreach (var local in effects.Reports.OfType<LocalReport<LedgerState>>())
        {
            if (_world.Rests.Has(local)) continue;
            var cut = new CutStep<LedgerState, LedgerMessage>(local) { AtMs = _world.Schedule.NowMs, Epoch = local.Epoch };
            _steps.Add(cut);
            _world.Trace.Insert(PlaceOf(local, mark, before), cut);
        }

        if (_effects.IsEmpty)
        {
            _effects = effects;
            return;
        }

        var acknowledged = effects.Acknowledgements.Select(each => each.Channel).ToHashSet();
        _effects = new(
            _effects.Frames.AddRange(effects.Frames),
            [.. _effects.Acknowledgements.Where(each => !acknowledged.Contains(each.Channel)), .. effects.Acknowledgements],
            _effects.Notices.AddRange(effects.Notices),
            _effects.Reports.AddRange(effects.Reports),
            _effects.Faults.AddRange(effects.Faults));
    }

    /// <summary>
    /// Behind the step of this input that led to the recorded state; or before all of them, if that was the state
    /// before it.
    /// </summary>
    private int PlaceOf(LocalReport<LedgerState> report, int mark, LedgerState? before)
    {
        var events = _world.Trace.Events;
        for (var place = events.Count - 1; place >= mark; place--)
        {
            if (events[place] is ProcessStep<LedgerState, LedgerMessage> step && step.Process == Id && ReferenceEquals(step.State, report.State))
            {
                return place + 1;
            }
        }

        return ReferenceEquals(before, report.State) ? mark : events.Count;
    }
}
