using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// One life of a process in memory: takes inputs, and keeps the discipline of the participant grain. Step, persist, perform: what the
/// steps ask for is handed out only when the record of that moment is written; while a write is under way the steps go on, and the
/// next write takes all that came since; a write that fails ends the activation.
/// </summary>
internal sealed partial class Activation
{
    private const int TickMs = 12;
    private const int ReportPauseMs = 60;
    private const int JoinPauseMs = 15;

    private readonly World _world;
    private readonly ProcessHost _host;
    private readonly ActivationJournal _journal;
    private readonly Variant _variant;
    private List<(LedgerRequest Request, bool IsAccepted)> _answers = [];
    private long _version;
    private long _persistedRevision;
    private long _reportAgainAtMs = long.MaxValue;
    private long _joiningUntilMs;
    private SnapshotAnnouncement? _learned;
    private bool _isWriting;
    private bool _isTicking;

    public Activation(World world, ProcessHost host)
    {
        (_world, _host, _variant) = (world, host, world.Variant);
        _journal = new(world);
        _version = host.Row.Version;
        var application = new ObservedApplication(_variant.Application, _journal.Add);
        var record = host.Stored is { } stored ? LedgerRecordCodec.Copy(stored) : null;
        Core = _variant.Create(host.Id, application, world.Plan.Profile, record, world.Now);
        _persistedRevision = Core.Revision;
        if (record is null) return;
        world.Record(new ProcessRestored<LedgerState, LedgerMessage>(Core.ToRecord()));
        if (!Core.IsUnfinished) return;
        _reportAgainAtMs = world.Schedule.NowMs;
        TickLater(0);
    }

    public HostedProcess Core { get; }

    public bool IsDead { get; private set; }

    /// <summary>Whether the storage has moved on without this activation.</summary>
    public bool IsStale => !_isWriting && _host.Row.Version != _version;

    /// <summary>Asks the directory, unless an answer is awaited already.</summary>
    public void Join()
    {
        if (Core.HasJoined || _world.Schedule.NowMs < _joiningUntilMs) return;
        _joiningUntilMs = _world.Schedule.NowMs + JoinPauseMs;
        var shard = _world.ShardOf(_host.Number);
        _world.Network.Send(new(_host.Number, shard.End), () => shard.Register(_host));
        _world.Schedule.After(JoinPauseMs, () =>
        {
            if (!IsDead) Join();
        });
    }

    public void Join(SnapshotAnnouncement announcement)
    {
        if (Core.HasJoined) return;
        if (!announcement.Open.IsEmpty) _world.Sightings.Add(Sighting.Newcomers);
        _world.Record(new ProcessJoined<LedgerState, LedgerMessage>(_host.Id, announcement));
        Step(() => Core.Join(_world.Plan.Profile.Epoch, announcement, _world.Now));
        Commit();
    }

    public void Take(LedgerFrame frame)
    {
        _world.Record(new FrameTaken<LedgerState, LedgerMessage>(frame));
        if (!IsReady()) return;
        Step(() => Core.Receive(frame, _world.Now));
        Commit();
    }

    public void Take(Acknowledgement acknowledgement)
    {
        if (!IsReady()) return;
        Core.Receive(acknowledgement, _world.Now);
        if (Core.Revision != _persistedRevision) TickLater(TickMs);
    }

    public void Take(EpochNotice notice)
    {
        if (!IsReady()) return;
        Core.Receive(notice);
        Commit();
    }

    public void Take(LedgerRequest request)
    {
        if (!IsReady()) return;
        if (!request.IsDeposit && !Core.HasRoom(request.Target))
        {
            _world.Sightings.Add(Sighting.FullWindows);
            return; // The client asks again.
        }

        var decision = _variant.Application.Decide(Core.State, request);
        if (decision.Reaction is { } reaction)
        {
            Step(() =>
            {
                _journal.Add(new LocalStep<LedgerState, LedgerMessage>(_host.Id, reaction.State, reaction.Messages));
                Core.Apply(reaction, _world.Now);
            });
        }
        else
        {
            _world.Sightings.Add(Sighting.RepeatedRequests);
        }

        _answers.Add((request, decision.IsAccepted));
        Commit();
    }

    public void Ask(SnapshotNumber snapshot, SnapshotAnnouncement announcement)
    {
        if (!IsReady()) return;
        Learn(announcement);
        Step(() => Core.Initiate(snapshot, _world.Now));
        Commit();
    }

    public void OpenChannel(ProcessId target)
    {
        if (!IsReady()) return;
        Core.OpenChannel(target, _world.Now);
        Commit();
    }

    public void Learn(SnapshotAnnouncement announcement)
    {
        if (!Core.HasJoined || ReferenceEquals(announcement, _learned)) return; // To be told the same again changes nothing.
        _learned = announcement;
        Core.Learn(announcement);
    }

    public void Confirm(Report report) => Core.Accept(report);

    /// <summary>Everything that is not persisted is gone.</summary>
    public void Die(string reason)
    {
        if (IsDead) return;
        IsDead = true;
        var sightings = _world.Sightings;
        sightings.Add(Sighting.Crashes);
        if (Core.OpenRecordings > 0) sightings.Add(Sighting.CrashesInsideSnapshots);
        if (_journal.Lose()) sightings.Add(Sighting.LostSteps);
        Look();
        _world.Record(new ProcessCrashed<LedgerState, LedgerMessage>(_host.Id, reason));
    }

    /// <summary>Notes what the process has counted in this life.</summary>
    public void Look()
    {
        if (Core.Counters.LateMarkers > 0) _world.Sightings.Add(Sighting.LateMarkers);
        if (Core.Counters.Dropped > 0) _world.Sightings.Add(Sighting.HoldBackOverflows);
    }

    private bool IsReady()
    {
        if (Core.HasJoined) return true;
        Join();
        return false;
    }

    /// <summary>One input that may record: then the cut is put where it was among the steps of this input.</summary>
    private void Step(Action input)
    {
        var (mark, state, recordings) = (_world.Trace.Events.Count, Core.State, Core.OpenRecordings);
        input();
        if (Core.OpenRecordings > recordings) _journal.Keep(Core.TakeEffects(), mark, state);
    }

    private void Commit()
    {
        if (IsDead || _isWriting) return; // What is under way is followed by the next.
        _journal.Keep(Core.TakeEffects(), _world.Trace.Events.Count, null);
        var handout = new ActivationHandout(_journal.TakeEffects(), TakeReports(), _answers);
        _answers = [];
        if (_variant.SendsFirst) HandOutFrames(handout);
        if (_variant.AcknowledgesFirst) HandOutAcknowledgements(handout);
        if (Core.Revision == _persistedRevision)
        {
            HandOut(handout);
            return;
        }

        var (revision, record, steps) = (Core.Revision, Core.ToRecord(), _journal.TakeSteps());
        _isWriting = true;
        _world.Storage.Write(
            _host.Row,
            _version,
            () => _host.Store(record),
            isWritten => Written(isWritten, revision, handout),
            () => ActivationJournal.Lose(steps));
    }

    private void Written(bool isWritten, long revision, ActivationHandout handout)
    {
        _isWriting = false;
        if (IsDead) return;
        if (!isWritten)
        {
            Die("not persisted");
            _host.Lost();
            return;
        }

        _version++;
        _persistedRevision = revision;
        HandOut(handout);
        if (Core.Revision != _persistedRevision || _answers.Count > 0) Commit();
    }
}
