using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// One life of a process in memory: does for its participant what the participant grain does, over the simulated
/// network, storage and clock.
/// </summary>
internal sealed class Activation
{
    private const int AnswerMs = 15;
    private const int WatchMs = 12;
    private readonly World _world;
    private readonly ProcessHost _host;
    private readonly Variant _variant;
    private readonly TracedProcess _process;
    private readonly Participant<LedgerState, LedgerMessage> _participant;
    private readonly Queue<(long Revision, Action Answer)> _waiting = [];
    private long _tip;
    private long _timerAtMs = long.MaxValue;
    private bool _isWatching;

    public Activation(World world, ProcessHost host)
    {
        (_world, _host, _variant) = (world, host, world.Variant);
        _tip = host.Journal.Row.Version;
        var record = host.Journal.Record is { } stored ? LedgerRecordCodec.Copy(stored) : null;
        _process = new(world, host.Id, record);
        _participant = new(
            _process, world.Plan.Profile.Participant, new Incarnation(world.NextLife() << 20), record is null ? null : host.Journal.Size, world.Now);
        if (record is not null) world.Record(new ProcessRestored<LedgerState, LedgerMessage>(_process.Core.ToRecord()));
        SetTimer();
    }

    public HostedProcess Core => _process.Core;

    public bool IsDead { get; private set; }

    public bool HasUnacknowledgedFrames => _participant.HasUnacknowledgedFrames;

    /// <summary>Whether another activation has written since this one read.</summary>
    public bool IsStale => _tip != _host.Journal.Row.Version;

    public void Take(LedgerFrame frame)
    {
        _world.Record(new FrameTaken<LedgerState, LedgerMessage>(frame));
        if (!IsReady()) return;
        _participant.Receive(frame, _world.Now);
        Run();
    }

    public void Take(Acknowledgement acknowledgement)
    {
        if (!IsReady()) return;
        _participant.Receive(acknowledgement, _world.Now);
        Run();
    }

    public void Take(EpochNotice notice)
    {
        if (!IsReady()) return;
        _participant.Receive(notice, _world.Now);
        Run();
    }

    public void Take(LedgerRequest request)
    {
        if (!IsReady()) return;
        var epoch = _participant.Epoch;
        if (request.Epoch < epoch)
        {
            var client = _world.Clients[_host.Number];
            _world.Network.Send(new(_host.Number, Link.FirstClient + _host.Number), () => client.Learn(epoch));
        }

        if (request.Epoch != epoch) return;
        var decision = _variant.Application.Decide(_participant.State, request);
        if (!_participant.HasRoom(decision.Reaction))
        {
            _world.Sightings.Add(Sighting.FullWindows);
            return; // The client asks again.
        }

        if (decision.Reaction is { } reaction)
        {
            _participant.Apply(reaction, _world.Now);
        }
        else
        {
            _world.Sightings.Add(Sighting.RepeatedRequests);
            _participant.Fence(_world.Now);
        }

        if (_variant.AnswersFirst) Answer(request, decision.IsAccepted, epoch);
        else WhenDurable(() => Answer(request, decision.IsAccepted, epoch));
        Run();
    }

    public void Ask(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement)
    {
        if (!IsReady()) return;
        _participant.Ask(snapshot, epoch, announcement, _world.Now);
        Run();
    }

    /// <summary>Closes the process, or opens it again; answered once that is durable.</summary>
    public void Obey(Gate gate, Action<bool> answer)
    {
        _participant.Obey(gate, damage: null, _world.Now);
        ConfirmWhenDurable(gate, answer);
    }

    /// <summary>Applies a part; answered once that is durable.</summary>
    public void Restore(RestorePart<LedgerState, LedgerMessage> part, Action<bool> answer)
    {
        _participant.Restore(part, _world.Now);
        ConfirmWhenDurable(part.Gate, answer);
    }

    /// <summary>Tells a reader the state.</summary>
    public void Read()
    {
        if (!_participant.MayRead && !(_variant.ReadsUnstored && _participant.IsOpen)) return;
        _world.Record(new StateRead<LedgerState, LedgerMessage>(_host.Id, _participant.DurableState) { Epoch = _participant.Epoch });
    }

    public void OpenChannel(ProcessId target)
    {
        if (!IsReady()) return;
        _participant.OpenChannel(target, _world.Now);
        Run();
    }

    public void Learn(SnapshotAnnouncement announcement)
    {
        _participant.Learn(announcement, _world.Now);
        Run();
    }

    public void Confirm(Report report)
    {
        _participant.Accept(new HashSet<ReportKey> { report.Key }, _world.Now);
        Run();
    }

    /// <summary>Wakes the process, which was found in the registry under a token, or is woken without one.</summary>
    public void Wake(WorkToken? token, Action<bool> answer)
    {
        if (_participant.Wake(token, isFenced: false, _world.Now) is { } hasWork) answer(hasWork);
        else WhenDurable(() => answer(_participant.Wake(token, isFenced: true, _world.Now) ?? true));
        Run();
    }

    /// <summary>A caller has come: the process registers, if it has not.</summary>
    public void Join()
    {
        _participant.RequestJoin();
        Run();
    }

    /// <summary>Everything that is not stored is gone.</summary>
    public void Die(string reason)
    {
        if (IsDead) return;
        IsDead = true;
        var sightings = _world.Sightings;
        sightings.Add(Sighting.Crashes);
        if (_world.Office.IsRestoring) sightings.Add(Sighting.CrashesInsideRestores);
        if (_participant.OpenRecordings.Count > 0) sightings.Add(Sighting.CrashesInsideSnapshots);
        if (_process.HasSteps) sightings.Add(Sighting.LostSteps);
        _process.Lose();
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
        if (!_participant.HasJoined) Join();
        return _participant.IsOpen;
    }

    private void ConfirmWhenDurable(Gate gate, Action<bool> answer)
    {
        if (_variant.ConfirmsOrdersFirst) answer(true);
        else WhenDurable(() =>
        {
            if (_participant.DurableGate >= gate) answer(true);
        });
        Run();
    }

    private void WhenDurable(Action answer)
    {
        _participant.RequireDurable(_world.Now);
        _waiting.Enqueue((_participant.Revision, answer));
    }

    /// <summary>Does what the participant wants done, and answers what has become durable.</summary>
    private void Run()
    {
        while (!IsDead && _participant.TakeWork(_world.Now) is { } work) Do(work);
        if (IsDead) return;
        if (_participant.Failure is { } failure)
        {
            Die(failure);
            _host.Lost();
            return;
        }

        while (_waiting.TryPeek(out var next) && next.Revision <= _participant.DurableRevision) _waiting.Dequeue().Answer();
        SetTimer();
    }

    private void Do(ParticipantWork work)
    {
        var shard = _world.ShardOf(_host.Id);
        switch (work)
        {
            case LookUpWork:
                _world.Call<bool>(
                    new(_host.Number, shard.End),
                    answer => shard.IsRegistered(_host.Id, answer),
                    isRegistered => Go(() => _participant.LookedUp(isRegistered, isStored: _host.Journal.Record is not null)),
                    Fail,
                    AnswerMs);
                break;
            case AskGateWork:
                _world.Call<Gate>(
                    new(_host.Number, shard.End),
                    shard.GetGate,
                    gate => Go(() => _participant.Answered(_variant.Answer(gate), _world.Now)),
                    Fail,
                    AnswerMs);
                break;
            case RegisterWork:
                _world.Call<(Epoch Epoch, SnapshotAnnouncement Announcement)>(
                    new(_host.Number, shard.End),
                    answer => shard.Register(_host.Id, answer),
                    registered => Go(() => Join(registered.Epoch, registered.Announcement)),
                    Fail,
                    AnswerMs);
                break;
            case EnlistWork enlist:
                Enlist(shard, enlist.Token);
                break;
            default:
                Write((WriteWork<LedgerState, LedgerMessage>)work);
                break;
        }

        void Fail() => Go(() => _participant.Failed("no answer in time"));
    }

    private void Go(Action input)
    {
        if (IsDead) return;
        input();
        Run();
    }

    private void Join(Epoch epoch, SnapshotAnnouncement announcement)
    {
        if (!announcement.Open.IsEmpty) _world.Sightings.Add(Sighting.Newcomers);
        _participant.Registered(epoch, announcement, _world.Now);
    }

    /// <summary>The note is repeated until it is stored.</summary>
    private void Enlist(ShardHost shard, WorkToken token)
    {
        if (IsDead) return;
        if (_variant.WorksWithoutToken)
        {
            _participant.Enlisted();
            return;
        }

        _world.Call<bool>(
            new(_host.Number, shard.End),
            answer => shard.Note(new(_host.Id, token, IsPending: true), answer),
            _ => Go(() =>
            {
                _participant.Enlisted();
                if (_variant.ReleasesAtOnce) Release(token);
            }),
            () => Enlist(shard, token),
            AnswerMs);
    }

    private void Write(WriteWork<LedgerState, LedgerMessage> work)
    {
        if (_variant.SendsFirst) SendFrames(work.Handout);
        if (_variant.AcknowledgesFirst) SendAcknowledgements(work.Handout);
        if (work.IsEmpty)
        {
            Perform(_participant.Completed(work, 0, _world.Now));
            return;
        }

        var (steps, taken) = (_process.TakeSteps(), _process.Taken!);
        _world.Storage.Write(
            _host.Journal.Row,
            _tip,
            () => _host.Store(work, taken),
            isWritten => Go(() =>
            {
                if (!isWritten && !_variant.GoesOnAfterFailedWrites)
                {
                    _participant.Failed("not stored");
                    return;
                }

                if (_host.IsLostAtWrite(isBeforeEffect: false, taken)) return;
                _tip = _variant.TakesStaleWrites ? _host.Journal.Row.Version : _tip + 1;
                Perform(_participant.Completed(work, 1, _world.Now));
            }),
            () => TracedProcess.Lose(steps));
        _host.IsLostAtWrite(isBeforeEffect: true, taken);
    }

    /// <summary>The one place where effects are performed.</summary>
    private void Perform(Handout<LedgerMessage> handout)
    {
        if (!_variant.SendsFirst) SendFrames(handout);
        if (!_variant.AcknowledgesFirst) SendAcknowledgements(handout);
        foreach (var notice in handout.Effects.Notices)
        {
            _world.Sightings.Add(Sighting.OldEpochs);
            var other = _world.HostOf(notice.To);
            _world.Network.Send(new(_host.Number, other.Number), () => other.Take(notice));
        }

        foreach (var fault in handout.Effects.Faults) _world.Record(new FaultFound<LedgerState, LedgerMessage>(_host.Id, fault));
        foreach (var report in handout.Reports) Send(report);
        if (handout.Release is { } token) Release(token);
    }

    private void Release(WorkToken token)
    {
        var shard = _world.ShardOf(_host.Id);
        _world.Network.Send(new(_host.Number, shard.End), () => shard.Note(new(_host.Id, token, IsPending: false), static _ => { }));
    }

    private void SendFrames(Handout<LedgerMessage> handout)
    {
        foreach (var each in handout.Effects.Frames)
        {
            var frame = each with { }; // Of its own, so that a trace shows which sending arrived.
            if (frame.Content is VoidContent<LedgerMessage>) _world.Sightings.Add(Sighting.VoidFrames);
            if (frame.Content is MessageContent<LedgerMessage> { Message.IsReturn: true }) _world.Sightings.Add(Sighting.ReturnedMoney);
            _world.Record(new FrameSent<LedgerState, LedgerMessage>(frame));
            var target = _world.HostOf(frame.Channel.Target);
            _world.Network.Send(new(_host.Number, target.Number), () => target.Take(frame), isFrame: true);
        }
    }

    private void SendAcknowledgements(Handout<LedgerMessage> handout)
    {
        foreach (var acknowledgement in handout.Effects.Acknowledgements)
        {
            _world.Record(new AcknowledgementSent<LedgerState, LedgerMessage>(acknowledgement));
            var source = _world.HostOf(acknowledgement.Channel.Source);
            _world.Network.Send(new(_host.Number, source.Number), () => source.Take(acknowledgement));
        }
    }

    private void Send(Report report)
    {
        if (report is OverflowReport) _world.Sightings.Add(Sighting.RecordingOverflows);
        _world.Record(new ReportSent<LedgerState, LedgerMessage>(report));
        if (_world.CollectorOf(report.Snapshot) is not { } collector || _host.IsLostWith(report)) return;
        var part = collector.PartOf(report.Process);
        _world.Network.Send(new(_host.Number, part.End), () => part.Take(report));
    }

    private void Answer(LedgerRequest request, bool isAccepted, Epoch epoch)
    {
        long? identity = request.IsDeposit ? null : new LedgerMessage(request.Key, request.Amount, IsReturn: false).Identity;
        _world.Record(new RequestAnswered<LedgerState, LedgerMessage>(_host.Id, request.Key, isAccepted, identity) { Epoch = epoch });
        var client = _world.Clients[_host.Number];
        _world.Network.Send(new(_host.Number, Link.FirstClient + _host.Number), () => client.Answer(request.Key, epoch));
    }

    private void SetTimer()
    {
        Watch();
        if (_participant.DueAt is not { } due || due.Milliseconds >= _timerAtMs) return;
        var at = Math.Max(due.Milliseconds, _world.Schedule.NowMs);
        _timerAtMs = at;
        _world.Schedule.At(at, () =>
        {
            if (IsDead || _timerAtMs != at) return;
            _timerAtMs = long.MaxValue;
            Go(() => _participant.Tick(_world.Now));
        });
    }

    /// <summary>While a recording is open, the index is asked which snapshots have ended.</summary>
    private void Watch()
    {
        if (_isWatching || _participant.OpenRecordings.Count == 0) return;
        _isWatching = true;
        _world.Schedule.After(WatchMs, () =>
        {
            _isWatching = false;
            if (IsDead) return;
            _world.Network.Send(new(_host.Number, Link.Office), () =>
            {
                var announcement = _world.Office.Announcement;
                _world.Network.Send(new(Link.Office, _host.Number), () => _host.Learn(announcement));
            });
            Watch();
        });
    }
}
