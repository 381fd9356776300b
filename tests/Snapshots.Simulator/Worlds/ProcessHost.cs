using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Where a process lives: its stored record and its activations. There should be one; for a time there may be two, and
/// then chance decides which one an input reaches, and the storage which one may go on.
/// </summary>
internal sealed class ProcessHost(World world, int number)
{
    private const int RestartMs = 3;
    private Activation? _current;
    private Activation? _elder;
    private Activation? _reader;
    private long _downUntilMs;
    private long? _crashesWithReportMs;
    private (bool IsBeforeEffect, long DownMs)? _crashAtWrite;
    private int _inputs;
    private int _reads;

    public int Number { get; } = number;

    public ProcessId Id { get; } = ProcessNames.Of(number);

    /// <summary>What is stored of the process.</summary>
    public JournalRow Journal { get; } = new(number);

    /// <summary>The process, if it is up.</summary>
    public HostedProcess? Alive => _current is { IsDead: false } current ? current.Core : null;

    /// <summary>Takes a write of the process.</summary>
    /// <param name="work">The checkpoint or entry.</param>
    /// <param name="taken">The record that the journal has to give back now.</param>
    public void Store(WriteWork<LedgerState, LedgerMessage> work, LedgerRecord taken)
    {
        var before = Journal.Record;
        world.Variant.Store(Journal, work);
        var record = Journal.Record!;
        if (before?.Recordings.Length > 0 && record.Outgoing.Length > before.Outgoing.Length)
        {
            world.Sightings.Add(Sighting.ChannelsOpenedInsideSnapshots);
        }

        if (record.Recordings.Length > 1) world.Sightings.Add(Sighting.OverlappingSnapshots);
        if (Journal.Size.Entries > 0) world.Sightings.Add(Sighting.Entries);
        world.Record(new RecordPersisted<LedgerState, LedgerMessage>(record) { Taken = taken });
    }

    /// <summary>Stores a process that has joined before the run.</summary>
    public void Settle()
    {
        var process = new LedgerProcess(Id, world.Variant.Application, world.Plan.Profile.Opening, world.Plan.Profile.Limits);
        process.Join(world.Plan.Profile.Epoch, SnapshotAnnouncement.None, world.Now);
        Journal.Store(new(process.TakeRecord(wallMs: 0), Entry: null, process.State, process.State));
        world.Record(new ProcessJoined<LedgerState, LedgerMessage>(Id, SnapshotAnnouncement.None) { Epoch = world.Plan.Profile.Epoch });
        world.Record(new RecordPersisted<LedgerState, LedgerMessage>(Journal.Record!));
    }

    public void Wake() => Activation()?.Join();

    /// <summary>The process was found in the registry under a token, or is woken without one.</summary>
    public void Wake(WorkToken? token, Action<bool> answer) => Activation()?.Wake(token, answer);

    public void Take(LedgerFrame frame) => Activation()?.Take(frame);

    public void Take(Acknowledgement acknowledgement) => Activation()?.Take(acknowledgement);

    public void Take(EpochNotice notice) => Activation()?.Take(notice);

    public void Take(LedgerRequest request) => Activation()?.Take(request);

    public void Ask(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement, Action<string> refuse) =>
        Activation()?.Ask(snapshot, epoch, announcement, refuse);

    public void Obey(Gate gate, Action<bool> answer) => Activation()?.Obey(gate, answer);

    public void Restore(RestorePart<LedgerState, LedgerMessage> part, Action<bool> answer) => Activation()?.Restore(part, answer);

    /// <summary>A reader comes, to an activation that only reads if there is one and chance says so.</summary>
    public void Read(Action<Epoch> answer)
    {
        var activation = _reader is { IsDead: false } reader && _reads++ % 2 == 0 ? reader : Activation();
        activation?.Read(answer);
    }

    public void OpenChannel(ProcessId target) => Activation()?.OpenChannel(target);

    /// <summary>What the index says; only an activation that is there learns it.</summary>
    public void Learn(SnapshotAnnouncement announcement)
    {
        if (_current is { IsDead: false } current) current.Learn(announcement);
    }

    /// <summary>The collector has a report.</summary>
    public void Confirm(Report report)
    {
        if (_current is { IsDead: false } current) current.Confirm(report);
    }

    /// <summary>The next channel state that it reports is lost, and it with it.</summary>
    public void CrashWithReport(long downMs) => _crashesWithReportMs = downMs;

    /// <summary>Whether a report that is about to leave is lost with its process.</summary>
    public bool IsLostWith(Report report)
    {
        if (_crashesWithReportMs is not { } downMs || report is not ChannelReport<LedgerMessage> || world.Network.IsHealed) return false;
        _crashesWithReportMs = null;

        // A process without frames under way may be deactivated with a report that its courier loses: no silo is lost
        // then. It writes before that that they are acknowledged.
        var isSiloLost = _current is not { HasUnacknowledgedFrames: false }
            || Journal.Record is not { } stored || stored.Outgoing.Any(channel => !channel.Unacknowledged.IsEmpty);
        world.Schedule.After(0, () => Crash(downMs, isSiloLost));
        return true;
    }

    /// <summary>
    /// The next write of frames is its last: it crashes before the write takes effect, or before what is stored is
    /// performed.
    /// </summary>
    public void CrashAtWrite(bool isBeforeEffect, long downMs) => _crashAtWrite = (isBeforeEffect, downMs);

    /// <summary>Whether it crashes at that moment of a write of frames.</summary>
    public bool IsLostAtWrite(bool isBeforeEffect, LedgerRecord written)
    {
        if (_crashAtWrite is not { } crash || crash.IsBeforeEffect != isBeforeEffect || world.Network.IsHealed) return false;
        if (written.Outgoing.All(channel => channel.Unacknowledged.IsEmpty)) return false;
        _crashAtWrite = null;
        Crash(crash.DownMs);
        return true;
    }

    public void Crash(long downMs, bool isSiloLost = true)
    {
        _reader?.Die("crash");
        _elder?.Die("crash");
        _current?.Die("crash");
        (_current, _elder, _reader) = (null, null, null);
        _downUntilMs = world.Schedule.NowMs + downMs;
        if (isSiloLost) world.Schedule.After(World.DetectionMs, world.LoseSilo); // Shards may find it still unreachable, and try again.
    }

    /// <summary>A second activation starts from what is stored; the first does not know.</summary>
    public void Duplicate()
    {
        if (_current is not { IsDead: false } || Journal.Record is null) return;
        _elder?.Die("replaced");
        _elder = _current;
        _current = null;
        Wake();
    }

    /// <summary>A second activation starts from what is stored; the first one is cut off, and only reads.</summary>
    public void LeaveReader()
    {
        if (_current is not { IsDead: false } || Journal.Record is null) return;
        _reader?.Die("replaced");
        (_reader, _current) = (_current, null);
        _reader.IsCutOff = true;
        Wake();
    }

    /// <summary>
    /// The process crashes. When no write of it is under way any longer, its journal is damaged; a process that never
    /// registered has none.
    /// </summary>
    public void Damage(long which, long downMs)
    {
        if (world.Network.IsHealed || IsDamaged) return;
        if (Journal.Row.UnderWay > 0)
        {
            Crash(Storage.MaxLateMs, isSiloLost: _current is not null);
            world.Schedule.After(1, () => Damage(which, downMs));
            return;
        }

        if (Journal.Record is not { } record || record.Epoch == default) return;
        Crash(downMs);
        Journal.Damage(which);
        world.Sightings.Add(Sighting.DamagedJournals);
        world.Record(new JournalDamaged<LedgerState, LedgerMessage>(Id) { Epoch = record.Epoch });
    }

    /// <summary>Whether something of the process is lost, and no part of a restore has replaced it.</summary>
    public bool IsDamaged => Journal.IsDamaged || Journal.Record?.Damage is not null;

    /// <summary>
    /// An activation could not write and ends; its silo wakes the process, which fences what may be written late.
    /// </summary>
    public void Lost() => world.Schedule.After(RestartMs, () =>
    {
        if (world.Variant.WakesUnfenced) Wake();
        else Wake(token: null, static _ => { });
    });

    /// <summary>Ends a second activation. Says whether there was one: its silo is lost then.</summary>
    public bool Heal()
    {
        var hasOther = _elder is { IsDead: false } || _reader is { IsDead: false };
        _elder?.Die("found to be a second one");
        _reader?.Die("found to be a second one");
        (_elder, _reader, _downUntilMs) = (null, null, 0);
        return hasOther;
    }

    /// <summary>
    /// Somebody comes by who wants nothing. An activation with nothing to do was deactivated before: if it was stale, its
    /// successor finds what another one has stored. Nothing but this would have brought that back, so it is noted first.
    /// </summary>
    public void WakeIfAsleep(Action<LedgerRecord> found)
    {
        if (Journal.Record is not { } record || _current is { IsDead: false, IsStale: false }) return;
        if (!IsDamaged) found(record);
        if (_current is { IsStale: true }) _current = null;
        if (Alive is null) Activation();
    }

    /// <summary>The process at the end of a run; none if it never did anything.</summary>
    /// <remarks>
    /// An activation that is stale, and has nothing to do, finds that out with its next write: what counts is stored.
    /// That nothing is left to do there, either, is for the invariants to say.
    /// </remarks>
    public HostedProcess? AtRest()
    {
        _current?.Look();
        if (Journal.Record is null && Alive is null) return null;
        if (_current is { IsStale: true }) _current = null;
        return Activation()?.Core;
    }

    private Activation? Activation()
    {
        if (world.Schedule.NowMs < _downUntilMs) return null;
        if (_elder is { IsDead: true }) _elder = null;
        if (_elder is not null && _inputs++ % 2 == 0) return _elder;
        if (_current is null or { IsDead: true }) _current = new Activation(world, this);
        return _current;
    }
}
