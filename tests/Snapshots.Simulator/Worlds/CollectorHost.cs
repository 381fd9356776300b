using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Where the collector of one snapshot lives: its stored row, its life and its parts.</summary>
internal sealed class CollectorHost
{
    /// <summary>Into how many parts a collection is split at most.</summary>
    public const int MaxParts = World.ShardCount;

    private readonly World _world;
    private CollectorLife? _life;

    public CollectorHost(World world, SnapshotNumber snapshot)
    {
        _world = world;
        Snapshot = snapshot;
        End = Link.FirstCollector + (int)snapshot.Value;
        Row = new(End);
        Partition = new(1 + (int)((world.Plan.Seed + (ulong)snapshot.Value) % MaxParts));
        Parts = [.. Enumerable.Range(0, Partition.Count).Select(part => new PartHost(world, this, part))];
    }

    public SnapshotNumber Snapshot { get; }

    public int End { get; }

    public MachineRow<CollectorRecord> Row { get; }

    public Partition Partition { get; }

    public IReadOnlyList<PartHost> Parts { get; }

    /// <summary>Whether the end was ever stored.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How many rows are stored of the snapshot.</summary>
    public int RowsLeft => (Row.Value is null ? 0 : 1) + Parts.Sum(part => part.RowsLeft)
        + _world.Keepers.Count(keeper => keeper.Record.Value?.Of(Snapshot) is not null);

    /// <summary>The part that a process reports to.</summary>
    public PartHost PartOf(ProcessId process) => Parts[Partition.PartOf(process)];

    public void Start(SnapshotSummary summary, Action<bool> answer) => Live().Start(summary, answer);

    public void Delete(Action<bool> answer) => Live().Delete(answer);

    public void Abort() => Live().Abort("aborted by a person");

    /// <summary>The index has it aborted before a restore, whether it was started or not.</summary>
    public void Stop(SnapshotSummary summary, string reason, Action<bool> answer)
    {
        Live().Start(summary, answer);
        Live().Abort(reason);
    }

    /// <summary>The processes that have a local state in the snapshot.</summary>
    public IEnumerable<ProcessId> Members => Reports.OfType<LocalReport<LedgerState>>().Select(report => report.Process);

    /// <summary>What a restore to this snapshot makes of a process.</summary>
    public RestorePart<LedgerState, LedgerMessage> RestorePartOf(ProcessId process, Gate gate) => new(
        gate,
        Reports.OfType<LocalReport<LedgerState>>().FirstOrDefault(report => report.Process == process),
        [.. Reports.OfType<ChannelReport<LedgerMessage>>().Where(report => report.Process == process).OrderBy(report => report.Source)]);

    /// <summary>Why the snapshot cannot be restored; none if it can.</summary>
    public string? FindFault()
    {
        var (state, isWhole) = Assemble();
        return isWhole && Certificate.Check(state).IsEmpty ? null : "its certificate does not hold";
    }

    private IEnumerable<Report> Reports => Parts.SelectMany(part => part.Reports);

    /// <summary>
    /// The collector itself crashes, or the index, or one of its parts: which of them, that number says.
    /// </summary>
    public void Crash(long which)
    {
        ReadAgain();
        var part = (int)(which % (Parts.Count + 2));
        if (part < Parts.Count)
        {
            Parts[part].Crash(isStale: which % 4 == 0);
            return;
        }

        _world.Sightings.Add(Sighting.CollectorCrashes);
        if (part == Parts.Count) _life?.Die();
        else _world.Office.Crash();
        if (part > Parts.Count && _world.Office.IsRestoring) _world.Sightings.Add(Sighting.CrashesInsideRestores);
    }

    /// <summary>Ends stale lives of parts.</summary>
    public void Heal()
    {
        foreach (var part in Parts) part.Heal();
    }

    /// <summary>What it stores now.</summary>
    public void Store(CollectorRecord? record)
    {
        Row.Value = record;
        if (record is not { Summary: { Status: not SnapshotStatus.Running } summary }) return;
        HasEnded = true;
        if (summary.Status == SnapshotStatus.Aborted)
        {
            _world.Sightings.Add(Sighting.Aborted);
            if (summary.Reason.Contains("damaged", StringComparison.Ordinal)) _world.Sightings.Add(Sighting.AbortedByDamage);
            var isExpected = !summary.Reason.StartsWith("the certificate", StringComparison.Ordinal);
            _world.Record(new SnapshotAborted<LedgerState, LedgerMessage>(Snapshot, summary.Reason, isExpected));
            return;
        }

        _world.Sightings.Add(Sighting.Completed);
        var (state, _) = Assemble();
        if (state.Channels.Any(channel => !channel.Messages.IsEmpty)) _world.Sightings.Add(Sighting.NonEmptyChannelStates);
        _world.Record(new SnapshotCompleted<LedgerState, LedgerMessage>(Snapshot, state));
    }

    /// <summary>Puts a completed snapshot together again from what is stored.</summary>
    public void ReadAgain()
    {
        if (Row.Value is not { Summary.Status: SnapshotStatus.Completed } || _world.Office.IsDropped(Snapshot)) return;
        var (state, isWhole) = Assemble();
        _world.Record(new SnapshotReadAgain<LedgerState, LedgerMessage>(Snapshot, isWhole ? state : null));
    }

    private (LedgerSnapshot State, bool IsWhole) Assemble()
    {
        var assembly = new GlobalStateAssembly<LedgerState, LedgerMessage>([.. Parts.SelectMany(part => part.Members.Concat(part.AtRest.Select(report => report.Process)))]);
        var reports = Parts.SelectMany(part => part.Reports).ToList();
        foreach (var report in reports) assembly.Add(report);
        var (state, missing) = assembly.Assemble();
        return (_world.Variant.Read(state, reports), missing.IsEmpty);
    }

    private CollectorLife Live() => _life is { IsDead: false } life ? life : _life = new CollectorLife(_world, this);
}

/// <summary>One life of a collector.</summary>
internal sealed class CollectorLife : MachineLife<CollectorWork>
{
    private const int CallMs = 40;
    private readonly CollectorHost _host;
    private readonly Collector _collector;
    private long _version;

    public CollectorLife(World world, CollectorHost host)
        : this(world, host, new Collector(host.Snapshot, host.Partition, host.Row.Value, World.Pace, world.Now, world.Schedule.NowMs))
    {
    }

    private CollectorLife(World world, CollectorHost host, Collector collector)
        : base(world, collector)
    {
        (_host, _collector, _version) = (host, collector, host.Row.Row.Version);
        Run();
    }

    public void Start(SnapshotSummary summary, Action<bool> answer) => Go(() =>
    {
        _collector.Start(summary, World.Now);
        answer(true);
    });

    public void Abort(string reason) => Go(() => _collector.Abort(reason, World.Now));

    public void Delete(Action<bool> answer) => Go(() =>
    {
        if (_collector.Delete()) AnswerWhenDurable(() => answer(true));
        else answer(false);
    });

    protected override void Do(CollectorWork work)
    {
        switch (work)
        {
            case CollectorWork.Look:
                World.Call<SnapshotAnnouncement>(
                    new(_host.End, Link.Office),
                    answer => answer(World.Office.Announcement),
                    announcement => Go(() => _collector.Looked(announcement)),
                    () => Ended(work, false),
                    CallMs);
                break;
            case CollectorWork.Write { Record: var record }:
                Write(work, record);
                break;
            case CollectorWork.Clear:
                Write(work, null);
                break;
            case CollectorWork.Follow { Part: var part, Epoch: var epoch, KnownVersion: var known }:
                Call<PartView>(work, part, (life, answer) => life.Follow(epoch, known, answer));
                break;
            case CollectorWork.Exchange { Part: var part, From: var from }:
                Call<PartView>(work, part, (life, answer) => life.Exchange(from, answer));
                break;
            case CollectorWork.AskFirst { Part: var part, Process: var process }:
                Notify(work, part, life => life.AskFirst(process));
                break;
            case CollectorWork.Resolve { Part: var part }:
                World.Sightings.Add(Sighting.RestsResolved);
                Notify(work, part, life => life.Resolve());
                break;
            case CollectorWork.EndPart { Part: var part }:
                Notify(work, part, life => life.End());
                break;
            case CollectorWork.DeletePart { Part: var part }:
                Call<bool>(work, part, (life, answer) => life.Delete(answer));
                break;
            case CollectorWork.Tell { Ended: var ended }:
                World.Record(new EndTold<LedgerState, LedgerMessage>(_host.Snapshot));
                World.Call<bool>(
                    new(_host.End, Link.Office), answer => World.Office.End(ended, answer), isDone => Ended(work, isDone), () => Ended(work, false), CallMs);
                break;
            default:
                throw new InvalidOperationException($"{work} is not known");
        }
    }

    private void Write(CollectorWork work, CollectorRecord? record)
    {
        var isFirst = World.Variant.TellsEndsFirst && record is { Summary.Status: not SnapshotStatus.Running };
        if (isFirst) _collector.Completed(work, World.Now);
        World.Storage.Write(_host.Row.Row, _version++, () => _host.Store(record), isWritten => Ended(work, isWritten, isFirst), static () => { });
    }

    private void Call<T>(CollectorWork work, int number, Action<PartLife, Action<T>> serve)
    {
        var part = _host.Parts[number];
        World.Call<T>(
            new(_host.End, part.End),
            answer =>
            {
                if (part.Live() is { } life) serve(life, answer);
            },
            value => Go(() =>
            {
                if (value is PartView view) _collector.Followed(work, World.Variant.Arrive(view), World.Now);
                else _collector.Completed(work, World.Now);
            }),
            () => Ended(work, false),
            work is CollectorWork.DeletePart ? CallMs * 5 : CallMs);
    }

    private void Notify(CollectorWork work, int number, Action<PartLife> notice)
    {
        var part = _host.Parts[number];
        World.Network.Send(new(_host.End, part.End), () =>
        {
            if (part.Live() is { } life) notice(life);
        });
        _collector.Completed(work, World.Now);
    }

    private void Ended(CollectorWork work, bool isDone, bool wasToldBefore = false) => Go(() =>
    {
        if (wasToldBefore) return;
        if (isDone) _collector.Completed(work, World.Now);
        else _collector.Failed(work, World.Now);
    });
}
