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
    private readonly EffectSender _sender;
    private readonly Queue<(long Revision, Action Answer)> _waiting = [];
    private TracedProcess _process;
    private Participant<LedgerState, LedgerMessage> _participant;

    /// <summary>
    /// Why nothing is done but for a restore: what is stored of the process is damaged. None of a sound process.
    /// </summary>
    private string? _damage;
    private long _tip;
    private long _timerAtMs = long.MaxValue;
    private bool _isWatching;

    public Activation(World world, ProcessHost host)
    {
        (_world, _host, _variant, _sender) = (world, host, world.Variant, new(world, host));
        _tip = host.Journal.Row.Version;
        var (record, damage) = _variant.Read(host.Journal);
        _damage = damage is null ? record?.Damage : $"The stored state of {host.Id} is damaged: {damage}.";
        (_process, _participant) = Create(record is null ? null : LedgerRecordCodec.Copy(record));
        if (record is not null) world.Record(new ProcessRestored<LedgerState, LedgerMessage>(_process.Core.ToRecord()));
        SetTimer();
    }

    public HostedProcess Core => _process.Core;

    public bool IsDead { get; private set; }

    /// <summary>Whether only readers reach it, and it reaches neither storage nor network.</summary>
    public bool IsCutOff { get; set; }

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

        if (_variant.AnswersFirst) _sender.Answer(request, decision.IsAccepted, epoch);
        else WhenDurable(() => _sender.Answer(request, decision.IsAccepted, epoch));
        Run();
    }

    /// <summary>A collection asks; a damaged process refuses with the reason.</summary>
    public void Ask(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement, Action<string> refuse)
    {
        if (_damage is not null)
        {
            if (_variant.ReportsWhenDamaged) _sender.Send(new LocalReport<LedgerState>(snapshot, epoch, _host.Id, LedgerState.Empty, [], []));
            else if (!_variant.HidesDamage) refuse(_damage);
        }

        if (!IsReady()) return;
        _participant.Ask(snapshot, epoch, announcement, _world.Now);
        Run();
    }

    /// <summary>Closes the process, or opens it again; answered once that is durable.</summary>
    public void Obey(Gate gate, Action<bool> answer)
    {
        _participant.Obey(gate, _damage, _world.Now);
        ConfirmWhenDurable(gate, () => answer(true));
    }

    /// <summary>Applies a part; answered once that is durable.</summary>
    public void Restore(RestorePart<LedgerState, LedgerMessage> part, Action<bool> answer)
    {
        _participant.Restore(part, _damage, _world.Now);
        ConfirmWhenDurable(part.Gate, () =>
        {
            if (_damage is not null) _world.Sightings.Add(_participant.Damage is null ? Sighting.RepairedProcesses : Sighting.UnappliedParts);
            if (_participant.Damage is null) _damage = null;
            answer(true);
        });
    }

    /// <summary>
    /// Answers a reader, out of what is stored. A process that is not registered asks its shard first: it may be about
    /// to get a part. Who gets no answer asks again.
    /// </summary>
    public void Read(Action<Epoch> answer)
    {
        if (_damage is not null) return;
        if (_participant.MayRead || (_variant.ReadsUnstored && _participant.IsOpen)) Tell(_participant.Epoch);
        else if (!_participant.HasJoined && !IsCutOff)
        {
            var shard = _world.ShardOf(_host.Id);
            var link = new Link(_host.Number, shard.End);
            _world.Call<Gate>(link, shard.GetGate, gate => _world.Call<bool>(link, told => shard.IsRegistered(_host.Id, told), isRegistered =>
            {
                if (isRegistered) Join();
                else if (!IsDead && _damage is null && !_participant.HasJoined) Tell(gate.Epoch);
            }, static () => { }, AnswerMs), static () => { }, AnswerMs);
        }

        void Tell(Epoch epoch)
        {
            var state = _variant.ReadsMemory ? _participant.State : _participant.DurableState;
            _world.Record(new StateRead<LedgerState, LedgerMessage>(_host.Id, state) { Epoch = epoch, IsStale = IsStale });
            if (IsStale) _world.Sightings.Add(Sighting.StaleReads);
            answer(epoch);
        }
    }

    public void OpenChannel(ProcessId target)
    {
        if (!IsReady()) return;
        _participant.OpenChannel(target, _world.Now);
        Run();
    }

    public void Learn(SnapshotAnnouncement announcement)
    {
        if (_damage is not null) return;
        _participant.Learn(announcement, _world.Now);
        Run();
    }

    public void Confirm(Report report)
    {
        if (_damage is not null) return;
        _participant.Accept(new HashSet<ReportKey> { report.Key }, _world.Now);
        Run();
    }

    /// <summary>
    /// Wakes the process, which was found in the registry under a token, or is woken without one. A damaged process
    /// gives no answer.
    /// </summary>
    public void Wake(WorkToken? token, Action<bool> answer)
    {
        if (_damage is not null) return;
        if (_participant.Wake(token, isFenced: false, _world.Now) is { } hasWork) answer(hasWork);
        else WhenDurable(() => answer(_participant.Wake(token, isFenced: true, _world.Now) ?? true));
        Run();
    }

    /// <summary>A caller has come: the process registers, if it has not.</summary>
    public void Join()
    {
        if (_damage is not null || IsDead) return;
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
        return _damage is null && _participant.IsOpen;
    }

    private (TracedProcess Process, Participant<LedgerState, LedgerMessage> Participant) Create(LedgerRecord? record)
    {
        var process = new TracedProcess(_world, _host.Id, record);
        return (process, new(
            process, _world.Plan.Profile.Participant, new Incarnation(_world.NextLife() << 20), record is null ? null : _host.Journal.Size, _world.Now));
    }

    private void ConfirmWhenDurable(Gate gate, Action answer)
    {
        if (_variant.ConfirmsOrdersFirst) answer();
        else WhenDurable(() =>
        {
            if (_participant.DurableGate >= gate) answer();
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
        while (!IsDead && !IsCutOff && _participant.TakeWork(_world.Now) is { } work) Do(work);
        if (IsDead) return;
        if (_participant.Failure is { } failure)
        {
            End(failure);
            return;
        }

        while (_waiting.TryPeek(out var next) && next.Revision <= _participant.DurableRevision) _waiting.Dequeue().Answer();
        SetTimer();
    }

    /// <summary>
    /// This life of the participant is over. One whose state is lost waits for a restore; any other one starts from what
    /// is stored, and is woken if work may be left.
    /// </summary>
    private void End(string failure)
    {
        if (!_participant.IsDamaged)
        {
            Die(failure);
            if (_participant.HasJoined) _host.Lost();
            return;
        }

        _damage = failure;
        _waiting.Clear();
        (_process, _participant) = Create(record: null);
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
                    isRegistered => Go(() => _participant.LookedUp(
                        isRegistered && !_variant.TakesDamageForNewcomer, isStored: _variant.Read(_host.Journal) is not (null, null))),
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
                if (_variant.ReleasesAtOnce) _sender.Release(token);
            }),
            () => Enlist(shard, token),
            AnswerMs);
    }

    private void Write(WriteWork<LedgerState, LedgerMessage> work)
    {
        if (_variant.SendsFirst) _sender.SendFrames(work.Handout);
        if (_variant.AcknowledgesFirst) _sender.SendAcknowledgements(work.Handout);
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
        if (!_variant.SendsFirst) _sender.SendFrames(handout);
        if (!_variant.AcknowledgesFirst) _sender.SendAcknowledgements(handout);
        _sender.SendOthers(handout);
    }

    private void SetTimer()
    {
        Watch();
        if (IsCutOff || _participant.DueAt is not { } due || due.Milliseconds >= _timerAtMs) return;
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
