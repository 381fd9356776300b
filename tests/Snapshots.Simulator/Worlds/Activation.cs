using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// One life of a process in memory: turns what comes to it into inputs of its participant, as the process grain does.
/// </summary>
internal sealed class Activation(World world, ProcessHost host)
{
    private readonly ParticipantRunner _runner = new(world, host);

    public HostedProcess Core => _runner.Process.Core;

    public bool IsDead => _runner.IsDead;

    /// <inheritdoc cref="ParticipantRunner.IsCutOff"/>
    public bool IsCutOff { get => _runner.IsCutOff; set => _runner.IsCutOff = value; }

    public bool HasUnacknowledgedFrames => Participant.HasUnacknowledgedFrames;

    /// <inheritdoc cref="ParticipantRunner.IsStale"/>
    public bool IsStale => _runner.IsStale;

    private Participant<LedgerState, LedgerMessage> Participant => _runner.It;

    private string? Damage => _runner.Damage;

    private Variant Variant => world.Variant;

    public void Die(string reason) => _runner.Die(reason);

    /// <inheritdoc cref="ParticipantRunner.Look"/>
    public void Look() => _runner.Look();

    public void Take(LedgerFrame frame)
    {
        world.Record(new FrameTaken<LedgerState, LedgerMessage>(frame));
        if (!IsReady(() => Take(frame))) return;
        Participant.Receive(frame, world.Now);
        _runner.Run();
    }

    public void Take(Acknowledgement acknowledgement)
    {
        if (Participant.IsResting || !IsReady(null)) return;
        Participant.Receive(acknowledgement, world.Now);
        _runner.Run();
    }

    public void Take(EpochNotice notice)
    {
        if (Participant.IsResting || !IsReady(null)) return;
        Participant.Receive(notice, world.Now);
        _runner.Run();
    }

    public void Take(LedgerRequest request)
    {
        if (!IsReady(() => Take(request))) return;
        var epoch = Participant.Epoch;
        if (request.Epoch < epoch)
        {
            var client = world.Clients[host.Number];
            world.Network.Send(new(host.Number, Link.FirstClient + host.Number), () => client.Learn(epoch));
            return;
        }

        // One of a later epoch finds a stale activation: as in a silo it makes a step, whose write is refused.
        var decision = Variant.Application.Decide(Participant.State, request);
        if (!Participant.HasRoom(decision.Reaction))
        {
            world.Sightings.Add(Sighting.FullWindows);
            return; // The client asks again.
        }

        if (decision.Reaction is { } reaction)
        {
            Participant.Apply(reaction, world.Now);
        }
        else
        {
            world.Sightings.Add(Sighting.RepeatedRequests);
            Participant.Fence(world.Now);
        }

        if (Variant.AnswersFirst) _runner.Sender.Answer(request, decision.IsAccepted, epoch);
        else _runner.WhenDurable(() => _runner.Sender.Answer(request, decision.IsAccepted, epoch));
        _runner.Run();
    }

    /// <summary>A collection asks; a damaged process refuses with the reason.</summary>
    public void Ask(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement, Action<string> refuse)
    {
        if (Damage is not null)
        {
            if (Variant.ReportsWhenDamaged) _runner.Sender.Send(new LocalReport<LedgerState>(snapshot, epoch, host.Id, LedgerState.Empty, [], []));
            else if (!Variant.HidesDamage) refuse(Damage);
        }

        if (!IsReady(() => Ask(snapshot, epoch, announcement, refuse))) return;
        Participant.Ask(snapshot, epoch, announcement, world.Now);
        _runner.Run();
    }

    /// <summary>Closes the process, or opens it again; answered once that is durable.</summary>
    public void Obey(Gate gate, Action<bool> answer)
    {
        Participant.Obey(gate, Damage, world.Now);
        _runner.Damage ??= Participant.Damage;
        ConfirmWhenDurable(gate, () => answer(true));
    }

    /// <summary>Applies a part; answered once that is durable.</summary>
    public void Restore(RestorePart<LedgerState, LedgerMessage> part, Action<bool> answer)
    {
        Participant.Restore(part, Damage, world.Now);
        _runner.Damage ??= Participant.Damage;
        ConfirmWhenDurable(part.Gate, () =>
        {
            if (Damage is not null) world.Sightings.Add(Participant.Damage is null ? Sighting.RepairedProcesses : Sighting.UnappliedParts);
            if (Participant.Damage is null) _runner.Damage = null;
            answer(true);
        });
    }

    /// <summary>
    /// Answers a reader, out of what is stored. A process that is not registered asks its shard first: it may be about
    /// to get a part. Who gets no answer asks again.
    /// </summary>
    public void Read(Action<Epoch> answer)
    {
        if (Damage is not null) return;
        if (Participant.MayRead || (Variant.ReadsUnstored && Participant.IsOpen)) Tell(Participant.Epoch);
        else if (!Participant.HasJoined && !IsCutOff)
        {
            var shard = world.ShardOf(host.Id);
            var link = new Link(host.Number, shard.End);
            world.Call<Gate>(link, shard.GetGate, gate => world.Call<bool>(link, told => shard.IsRegistered(host.Id, told), isRegistered =>
            {
                if (isRegistered) Join();
                else if (!IsDead && Damage is null && !Participant.HasJoined) Tell(gate.Epoch);
            }, static () => { }, ParticipantRunner.AnswerMs), static () => { }, ParticipantRunner.AnswerMs);
        }

        void Tell(Epoch epoch)
        {
            var state = Variant.ReadsMemory ? Participant.State : Participant.DurableState;
            world.Record(new StateRead<LedgerState, LedgerMessage>(host.Id, state) { Epoch = epoch, IsStale = IsStale });
            if (IsStale) world.Sightings.Add(Sighting.StaleReads);
            answer(epoch);
        }
    }

    public void OpenChannel(ProcessId target)
    {
        if (!IsReady(() => OpenChannel(target))) return;
        Participant.OpenChannel(target, world.Now);
        _runner.Run();
    }

    public void Learn(SnapshotAnnouncement announcement)
    {
        if (Damage is not null) return;
        Participant.Learn(announcement, world.Now);
        _runner.Run();
    }

    public void Confirm(Report report)
    {
        if (Damage is not null) return;
        Participant.Accept(new HashSet<ReportKey> { report.Key }, world.Now);
        _runner.Run();
    }

    /// <summary>
    /// Wakes the process, which was found in the registry under a token, or is woken without one. A damaged process
    /// gives no answer.
    /// </summary>
    public void Wake(WorkToken? token, Action<bool> answer)
    {
        if (Damage is not null) return;
        if (Participant.Wake(token, isFenced: false, world.Now) is { } hasWork) answer(hasWork);
        else _runner.WhenDurable(() => answer(Participant.Wake(token, isFenced: true, world.Now) ?? true));
        _runner.Run();
    }

    /// <summary>A caller has come: the process registers, if it has not, and is to be awake.</summary>
    public void Join()
    {
        if (Damage is not null || IsDead) return;
        Participant.RequestJoin();
        _runner.Run();
    }

    /// <summary>Whether the process takes inputs now; one that rests takes this one when it is awake.</summary>
    private bool IsReady(Action? again)
    {
        if (again is not null && Participant is { IsResting: true, IsOpen: true }) _runner.WhenAwake(again);
        if (!Participant.IsReady) Join();
        return Damage is null && Participant.IsReady;
    }

    private void ConfirmWhenDurable(Gate gate, Action answer)
    {
        if (Variant.ConfirmsOrdersFirst) answer();
        else _runner.WhenDurable(() =>
        {
            if (Participant.DurableGate >= gate) answer();
        });
        _runner.Run();
    }
}
