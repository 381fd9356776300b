using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// One life of a participant in memory: does the I/O that it asks for, over the simulated network, storage and clock, as
/// the participant host of a grain does. It decides nothing.
/// </summary>
internal sealed class ParticipantRunner
{
    public const int AnswerMs = 15;
    private const int WatchMs = 12;
    private const int LookMs = 50;
    private readonly World _world;
    private readonly ProcessHost _host;
    private readonly Variant _variant;
    private readonly Queue<(long Revision, Action Answer)> _waiting = [];
    private readonly Queue<Action> _atRest = [];
    private long _tip;
    private long _timerAtMs = long.MaxValue;
    private bool _isWatching;

    public ParticipantRunner(World world, ProcessHost host)
    {
        (_world, _host, _variant, Sender) = (world, host, world.Variant, new(world, host));
        _tip = host.Journal.Row.Version;
        var (record, damage) = _variant.Read(host.Journal);
        Damage = damage is null ? record?.Damage : $"The stored state of {host.Id} is damaged: {damage}.";
        (Process, It) = Create(record is null ? null : LedgerRecordCodec.Copy(record));
        if (record is not null) world.Record(new ProcessRestored<LedgerState, LedgerMessage>(Process.Core.ToRecord()));
        SetTimer();
        LookWhileDamaged();
    }

    /// <summary>The participant.</summary>
    public Participant<LedgerState, LedgerMessage> It { get; private set; }

    /// <summary>Sends what it hands out.</summary>
    public EffectSender Sender { get; }

    /// <summary>The process that it has.</summary>
    public TracedProcess Process { get; private set; }

    /// <summary>
    /// Why nothing is done but for a restore: what is stored of the process is damaged. None of a sound process.
    /// </summary>
    public string? Damage { get; set; }

    public bool IsDead { get; private set; }

    /// <summary>Whether only readers reach it, and it reaches neither storage nor network.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Whether another activation has written since this one read.</summary>
    public bool IsStale => _tip != _host.Journal.Row.Version;

    /// <summary>Everything that is not stored is gone.</summary>
    public void Die(string reason)
    {
        if (IsDead) return;
        IsDead = true;
        var sightings = _world.Sightings;
        sightings.Add(Sighting.Crashes);
        if (_world.Office.IsRestoring) sightings.Add(Sighting.CrashesInsideRestores);
        if (It.OpenRecordings.Count > 0) sightings.Add(Sighting.CrashesInsideSnapshots);
        if (Process.HasSteps) sightings.Add(Sighting.LostSteps);
        Process.Lose();
        Look();
        _world.Record(new ProcessCrashed<LedgerState, LedgerMessage>(_host.Id, reason));
    }

    /// <summary>Notes what the process has counted in this life.</summary>
    public void Look()
    {
        if (Process.Core.Counters.LateMarkers > 0) _world.Sightings.Add(Sighting.LateMarkers);
        if (Process.Core.Counters.Dropped > 0) _world.Sightings.Add(Sighting.HoldBackOverflows);
    }

    /// <summary>Answers once all that was put in by now is durable.</summary>
    public void WhenDurable(Action answer)
    {
        It.RequireDurable(_world.Now);
        _waiting.Enqueue((It.Revision, answer));
    }

    /// <summary>Takes an input that came to the process at rest, once that is awake.</summary>
    public void WhenAwake(Action input) => _atRest.Enqueue(input);

    /// <summary>Does what the participant wants done, and answers what has become durable.</summary>
    public void Run()
    {
        while (!IsDead && !IsCutOff && It.TakeWork(_world.Now) is { } work) Do(work);
        if (IsDead) return;
        if (It.Failure is { } failure)
        {
            End(failure);
            return;
        }

        while (It.IsReady && _atRest.TryDequeue(out var input)) input();
        while (_waiting.TryPeek(out var next) && next.Revision <= It.DurableRevision) _waiting.Dequeue().Answer();
        SetTimer();
    }

    /// <summary>
    /// This life of the participant is over. One whose state is lost waits for a restore; any other one starts from what
    /// is stored, and is woken if work may be left.
    /// </summary>
    private void End(string failure)
    {
        if (!It.IsDamaged)
        {
            Die(failure);
            if (It.HasJoined) _host.Lost();
            return;
        }

        Damage = failure;
        _waiting.Clear();
        (Process, It) = Create(record: null);
        LookWhileDamaged();
    }

    /// <summary>A damaged activation that has written nothing looks now and then whether it is stale.</summary>
    private void LookWhileDamaged()
    {
        if (Damage is null || IsDead || IsCutOff || It.HasJoined) return;
        if (IsStale) Die("stale");
        else _world.Schedule.After(LookMs, LookWhileDamaged);
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
                    isRegistered => Go(() => It.LookedUp(
                        isRegistered && !_variant.TakesDamageForNewcomer, isStored: _variant.Read(_host.Journal) is not (null, null))),
                    Fail,
                    AnswerMs);
                break;
            case AskGateWork:
                _world.Call<Gate>(
                    new(_host.Number, shard.End),
                    shard.GetGate,
                    gate => Go(() => It.Answered(_variant.Answer(gate), _world.Now)),
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
            case RestWork rest:
                _world.Call<bool>(
                    new(_host.Number, shard.End),
                    answer => shard.Rest(new(_host.Id, rest.Mark, rest.Report), answer),
                    _ => Go(() => It.Told()),
                    Fail,
                    AnswerMs);
                break;
            case AwakeWork when _variant.AwakesAlone:
                It.Awoken(SnapshotAnnouncement.None, _world.Now);
                break;
            case AwakeWork awake:
                _world.Call<SnapshotAnnouncement>(
                    new(_host.Number, shard.End),
                    answer => shard.Awake(_host.Id, awake.Mark, answer),
                    announcement => Go(() => It.Awoken(announcement, _world.Now)),
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

        void Fail() => Go(() =>
        {
            It.Failed("no answer in time");
            if (work is AwakeWork) _atRest.Clear(); // Its callers are told so, and call again.
        });
    }

    /// <summary>Takes an input and does the work that there is then.</summary>
    public void Go(Action input)
    {
        if (IsDead) return;
        input();
        Run();
    }

    private void Join(Epoch epoch, SnapshotAnnouncement announcement)
    {
        if (!announcement.Open.IsEmpty) _world.Sightings.Add(Sighting.Newcomers);
        It.Registered(epoch, announcement, _world.Now);
    }

    /// <summary>The note is repeated until it is stored.</summary>
    private void Enlist(ShardHost shard, WorkToken token)
    {
        if (IsDead) return;
        if (_variant.WorksWithoutToken)
        {
            It.Enlisted();
            return;
        }

        _world.Call<bool>(
            new(_host.Number, shard.End),
            answer => shard.Note(new(_host.Id, token, IsPending: true), answer),
            _ => Go(() =>
            {
                It.Enlisted();
                if (_variant.ReleasesAtOnce) Sender.Release(token);
            }),
            () => Enlist(shard, token),
            AnswerMs);
    }

    private void Write(WriteWork<LedgerState, LedgerMessage> work)
    {
        if (_variant.SendsFirst) Sender.SendFrames(work.Handout);
        if (_variant.AcknowledgesFirst) Sender.SendAcknowledgements(work.Handout);
        if (work.IsEmpty)
        {
            Perform(It.Completed(work, 0, _world.Now));
            return;
        }

        var (steps, taken) = (Process.TakeSteps(), Process.Taken!);
        if (_variant.TellsRestsFirst && taken.IsResting)
        {
            var entry = new RestEntry(_host.Id, Process.RestMark, Process.RestReport());
            _world.Network.Send(new(_host.Number, _world.ShardOf(_host.Id).End), () => _world.ShardOf(_host.Id).Rest(entry, static _ => { }));
        }

        _world.Storage.Write(
            _host.Journal.Row,
            _tip,
            () => _host.Store(work, taken),
            isWritten => Go(() =>
            {
                if (!isWritten && !_variant.GoesOnAfterFailedWrites)
                {
                    It.Failed("not stored");
                    return;
                }

                if (_host.IsLostAtWrite(isBeforeEffect: false, taken)) return;
                _tip = _variant.TakesStaleWrites ? _host.Journal.Row.Version : _tip + 1;
                Perform(It.Completed(work, 1, _world.Now));
            }),
            () => TracedProcess.Lose(steps));
        _host.IsLostAtWrite(isBeforeEffect: true, taken);
    }

    /// <summary>The one place where effects are performed.</summary>
    private void Perform(Handout<LedgerMessage> handout)
    {
        if (!_variant.SendsFirst) Sender.SendFrames(handout);
        if (!_variant.AcknowledgesFirst) Sender.SendAcknowledgements(handout);
        Sender.SendOthers(handout);
    }

    private void SetTimer()
    {
        Watch();
        if (IsCutOff || It.DueAt is not { } due || due.Milliseconds >= _timerAtMs) return;
        var at = Math.Max(due.Milliseconds, _world.Schedule.NowMs);
        _timerAtMs = at;
        _world.Schedule.At(at, () =>
        {
            if (IsDead || _timerAtMs != at) return;
            _timerAtMs = long.MaxValue;
            Go(() => It.Tick(_world.Now));
        });
    }

    /// <summary>While a recording is open, the index is asked which snapshots have ended.</summary>
    private void Watch()
    {
        if (_isWatching || It.OpenRecordings.Count == 0) return;
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

    private (TracedProcess Process, Participant<LedgerState, LedgerMessage> Participant) Create(LedgerRecord? record)
    {
        var process = new TracedProcess(_world, _host.Id, record);
        return (process, new(
            process, _world.Plan.Profile.Participant, new Incarnation(_world.NextLife() << 20), record is null ? null : _host.Journal.Size, _world.Now));
    }
}
