using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Where a process lives: its stored record and its activations. There should be one; for a time there may be two, and then chance
/// decides which one an input reaches, and the storage which one may go on.
/// </summary>
internal sealed class ProcessHost(World world, int number)
{
    /// <summary>When it is looked for activations that do not know that they are none; later than any write that fails.</summary>
    private const int PokeMs = 60;

    private Activation? _current;
    private Activation? _elder;
    private long _downUntilMs;
    private long? _crashesWithReportMs;
    private int _inputs;

    public int Number { get; } = number;

    public ProcessId Id { get; } = ProcessNames.Of(number);

    public StoredRow Row { get; } = new(number);

    /// <summary>What is stored; none before the first write.</summary>
    public LedgerRecord? Stored { get; private set; }

    /// <summary>The process, if it is up.</summary>
    public HostedProcess? Alive => _current is { IsDead: false } current ? current.Core : null;

    /// <summary>Takes a write of the record.</summary>
    public void Store(LedgerRecord record)
    {
        if (Stored is { } before)
        {
            var isInside = before.Recordings.Length > 0;
            if (isInside && record.Outgoing.Length > before.Outgoing.Length) world.Sightings.Add(Sighting.ChannelsOpenedInsideSnapshots);
        }

        if (record.Recordings.Length > 1) world.Sightings.Add(Sighting.OverlappingSnapshots);
        Stored = record;
        world.Record(new RecordPersisted<LedgerState, LedgerMessage>(record));
    }

    public void Wake() => Activation()?.Join();

    public void Take(LedgerFrame frame) => Activation()?.Take(frame);

    public void Take(Acknowledgement acknowledgement) => Activation()?.Take(acknowledgement);

    public void Take(EpochNotice notice) => Activation()?.Take(notice);

    public void Take(LedgerRequest request) => Activation()?.Take(request);

    public void Ask(SnapshotNumber snapshot, SnapshotAnnouncement announcement) => Activation()?.Ask(snapshot, announcement);

    public void OpenChannel(ProcessId target) => Activation()?.OpenChannel(target);

    /// <summary>The directory's answer; one that comes to an activation that did not ask is as good.</summary>
    public void Join(SnapshotAnnouncement announcement) => Activation()?.Join(announcement);

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
        world.Schedule.After(0, () => Crash(downMs));
        return true;
    }

    public void Crash(long downMs)
    {
        _elder?.Die("crash");
        _current?.Die("crash");
        (_current, _elder) = (null, null);
        _downUntilMs = world.Schedule.NowMs + downMs;
        world.Schedule.At(_downUntilMs, WakeIfListed);
    }

    /// <summary>A second activation starts from what is stored; the first does not know.</summary>
    public void Duplicate()
    {
        if (_current is not { IsDead: false } || Stored is null) return;
        _elder?.Die("replaced");
        _elder = _current;
        _current = null;
        Wake();
    }

    /// <summary>An activation could not write and ends; the process is woken again.</summary>
    public void Lost() => world.Schedule.After(3, WakeIfListed);

    public void Heal()
    {
        _downUntilMs = 0;
        _elder?.Die("found to be a second one");
        _elder = null;
        WakeIfListed();
        world.Schedule.After(PokeMs, Poke);
    }

    /// <summary>Somebody comes by who wants nothing.</summary>
    public void WakeIfAsleep()
    {
        if (Stored is not null && Alive is null) Wake();
    }

    /// <summary>The process at the end of a run; none if it never did anything.</summary>
    public HostedProcess? AtRest()
    {
        _current?.Look();
        return Stored is null && Alive is null ? null : Activation()?.Core;
    }

    /// <summary>
    /// Ends an activation that the storage has left behind. It may have nothing to do, and the process much: (1) a write of an earlier
    /// activation takes effect late; (2) this one, which had read what was stored before, is never called again.
    /// </summary>
    private void Poke()
    {
        if (_current is { IsDead: false, IsStale: true } current)
        {
            current.Die("stale");
            WakeIfListed();
        }
    }

    /// <summary>The directory wakes who has frames under way. What else is stored, a collector asks for, or it may wait.</summary>
    private void WakeIfListed()
    {
        if (Stored is { } stored && stored.Outgoing.Any(channel => !channel.Unacknowledged.IsEmpty)) Wake();
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
