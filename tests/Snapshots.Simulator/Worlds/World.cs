using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A simulated system: processes, clients, directory, index and collectors over one network, one storage and one clock.
/// First everything may fail; at the plan's horizon the faults end, and everything has to come to rest.
/// </summary>
internal sealed class World
{
    /// <summary>More events than this, or more time after the horizon, and the run has not come to rest.</summary>
    private const int MaxEvents = 40_000;
    private const long MaxHealingMs = 4_000;

    /// <summary>
    /// A damaged process that cannot be repaired is called for ever: so long is waited for everything else to end.
    /// </summary>
    private const long MaxEndingMs = 1_000;

    /// <summary>After which time a lost silo is noticed.</summary>
    public const int DetectionMs = 4;
    private const long WakerMs = 20;

    /// <summary>Shards of the directory.</summary>
    public const int ShardCount = 2;

    /// <summary>The pace of index, collectors and parts; small batches, so that there are several.</summary>
    public static readonly CollectionPace Pace = new()
    {
        SuperviseMs = 30,
        Retries = new(5, 20),
        FirstAskMs = 4,
        Asks = new(8, 40),
        AsksAtATime = 2,
        LookMs = 25,
        MembersPerPage = 2,
        CountsPerPage = 2,
        ReportsPerPage = 2,
        ResolveMs = 20,
        MinElapsedStepMs = 10,
    };

    private readonly List<CollectorHost> _collectors = [];
    private readonly HashSet<(SnapshotNumber Number, SnapshotId Id)> _used = [];
    private readonly ShardHost[] _shards;
    private readonly KeeperHost[] _keepers;
    private int _events;
    private long _lives;
    private long _membership;

    public World(Plan plan, Variant variant)
    {
        Plan = plan;
        Variant = variant;
        Trace = new(LedgerApplication.Instance);
        Network = new(plan, Schedule, Sightings);
        Storage = new(plan, Schedule, Sightings, variant);
        Office = new(this);
        Repair = new(this);
        Rests = new(this);
        _shards = [.. Enumerable.Range(0, ShardCount).Select(number => new ShardHost(this, number))];
        _keepers = [.. _shards.Select(shard => new KeeperHost(this, shard))];
        Hosts = [.. Enumerable.Range(0, plan.CountProcesses()).Select(number => new ProcessHost(this, number))];
        Clients = [.. Hosts.Select(host => new Client(this, host))];
    }

    public Plan Plan { get; }

    public Variant Variant { get; }

    public LedgerTrace Trace { get; }

    public Schedule Schedule { get; } = new();

    public Sightings Sightings { get; } = new();

    public Network Network { get; }

    public Storage Storage { get; }

    public IndexHost Office { get; }

    public Repair Repair { get; }

    public Rests Rests { get; }

    public IReadOnlyList<ProcessHost> Hosts { get; }

    public IReadOnlyList<Client> Clients { get; }

    public IReadOnlyList<CollectorHost> Collectors => _collectors;

    public IReadOnlyList<ShardHost> Directory => _shards;

    /// <summary>The keepers of the rests, shard by shard.</summary>
    public IReadOnlyList<KeeperHost> Keepers => _keepers;

    /// <summary>How processes are split into shards.</summary>
    public Partition Shards { get; } = new(ShardCount);

    public Instant Now => new(Schedule.NowMs);

    /// <summary>Runs the plan to its end. What the core throws ends the run and is returned.</summary>
    public Exception? Run()
    {
        foreach (var operation in Plan.Operations)
        {
            if (operation.Kind == OperationKind.Request) Clients[operation.Process].Add(operation);
            else Schedule.At(operation.AtMs, () => Operator.Perform(this, operation));
        }

        Settle();
        for (var number = 0; number < Plan.Profile.Processes; number++) Schedule.At(number, Hosts[number].Wake);
        foreach (var client in Clients) client.Start();
        Office.Watch();
        Schedule.At(Plan.Profile.HorizonMs, Heal);
        try
        {
            Trace.IsHealed = ComesToRest(MaxEndingMs);
            if ((Trace.IsHealed || Repair.GivenUpAtMs is not null) && _collectors.TrueForAll(collector => collector.HasEnded))
            {
                // A process that still sleeps has slept through ends of snapshots, and is to drop what it recorded for them
                // when it wakes.
                foreach (var host in Hosts) host.WakeIfAsleep(RecordSleeper);
                foreach (var client in Clients) client.Settle();
                Trace.IsHealed = ComesToRest(2 * MaxEndingMs);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception;
        }

        Rest();
        return null;
    }

    /// <summary>Some processes exist before the run; the others register in it.</summary>
    private void Settle()
    {
        var settled = Hosts.Take(Plan.Profile.Settled).ToList();
        foreach (var host in settled) host.Settle();
        foreach (var (shard, number) in _shards.Select((shard, number) => (shard, number)))
        {
            shard.Settle([.. settled.Where(host => Shards.PartOf(host.Id) == number).Select(host => host.Id)]);
        }
    }

    /// <summary>Whether nothing is left to happen, and no process is left damaged.</summary>
    private bool ComesToRest(long endingMs)
    {
        for (; _events < MaxEvents && Schedule.NowMs <= (Repair.GivenUpAtMs + endingMs ?? Plan.Profile.HorizonMs + MaxHealingMs); _events++)
        {
            if (!Schedule.TryNext()) return !Hosts.Any(host => host.IsDamaged);
        }

        return false;
    }

    /// <summary>Calls across the network: the answer comes once, or the call fails after that time.</summary>
    public void Call<T>(Link link, Action<Action<T>> serve, Action<T> answered, Action failed, long timeoutMs)
    {
        var isOver = false;
        Network.Send(link, () => serve(value => Network.Send(new(link.Target, link.Source), () =>
        {
            if (isOver) return;
            isOver = true;
            answered(value);
        })));
        Schedule.After(timeoutMs, () =>
        {
            if (isOver) return;
            isOver = true;
            failed();
        });
    }

    /// <summary>
    /// The membership has lost a silo: every shard is asked to wake what is in its registry, until it has heard it.
    /// </summary>
    public void LoseSilo()
    {
        var version = ++_membership;
        foreach (var shard in _shards) Wake(shard);

        void Wake(ShardHost shard)
        {
            if (version < _membership) return; // The next loss asks for it.
            Call<bool>(new(Link.Waker, shard.End), answer => shard.WakeAll(version, answer), static _ => { }, () => Wake(shard), WakerMs);
        }
    }

    /// <summary>A number that no other life has.</summary>
    public long NextLife() => ++_lives;

    /// <summary>The process with a name of this world.</summary>
    public ProcessHost HostOf(ProcessId process) => Hosts[process.Value[0] - 'a'];

    /// <summary>The shard of the directory that knows a process.</summary>
    public ShardHost ShardOf(ProcessId process) => _shards[Shards.PartOf(process)];

    /// <summary>The collector of a snapshot; none if the number was not given out.</summary>
    public CollectorHost? CollectorOf(SnapshotNumber snapshot) =>
        snapshot.Value >= 1 && snapshot <= Office.Newest ? CollectorAt(snapshot) : null;

    /// <summary>The place of a collector, whether its number was given out or not.</summary>
    public CollectorHost CollectorAt(SnapshotNumber snapshot)
    {
        while (_collectors.Count < snapshot.Value) _collectors.Add(new(this, new(_collectors.Count + 1)));
        return _collectors[(int)snapshot.Value - 1];
    }

    /// <summary>A restore is completed: the clients ask for all again that an earlier epoch answered.</summary>
    public void TellClients(Epoch epoch)
    {
        foreach (var client in Clients) client.Learn(epoch);
    }

    /// <summary>A number is used.</summary>
    public void Uses(SnapshotSummary summary)
    {
        if (_used.Add((summary.Number, summary.Id))) Record(new NumberUsed<LedgerState, LedgerMessage>(summary.Number, summary.Id));
    }

    public void Record(TraceEvent<LedgerState, LedgerMessage> happened)
    {
        happened.AtMs = Schedule.NowMs;
        if (happened.Epoch == default) happened.Epoch = EpochOf(happened);
        Trace.Add(happened);
    }

    private Epoch EpochOf(TraceEvent<LedgerState, LedgerMessage> happened) => happened switch
    {
        FrameSent<LedgerState, LedgerMessage> sent => sent.Frame.Epoch,
        AcknowledgementSent<LedgerState, LedgerMessage> sent => sent.Acknowledgement.Epoch,
        ReportSent<LedgerState, LedgerMessage> sent => sent.Report.Epoch,
        RecordPersisted<LedgerState, LedgerMessage> persisted => persisted.Record.Epoch,
        ProcessAtRest<LedgerState, LedgerMessage> rest => rest.Record.Epoch,
        SnapshotEvent<LedgerState, LedgerMessage> snapshot => Office.EpochOf(snapshot.Snapshot),
        _ => default,
    };

    /// <summary>What is stored of a process that nothing would have brought back: it must not have had work.</summary>
    private void RecordSleeper(LedgerRecord record) => Record(new ProcessAsleep<LedgerState, LedgerMessage>(record));

    private void Heal()
    {
        Network.Heal();
        Storage.IsHealed = true;
        foreach (var collector in _collectors) collector.Heal();
        foreach (var keeper in _keepers) keeper.Heal();
        var losses = Hosts.Count(host => host.Heal()) + _shards.Count(shard => shard.Heal());
        if (losses > 0) LoseSilo();
        Repair.Look();
    }

    private void Rest()
    {
        foreach (var collector in _collectors)
        {
            collector.ReadAgain();
            if (Office.IsDropped(collector.Snapshot)) Record(new SnapshotDeleted<LedgerState, LedgerMessage>(collector.Snapshot, collector.RowsLeft));
        }

        foreach (var keeper in _keepers.Where(keeper => !keeper.WasCutOff && keeper.Unreferenced > 0))
        {
            Record(new SnapshotDeleted<LedgerState, LedgerMessage>(default, keeper.Unreferenced));
        }

        for (var number = 0; number < Hosts.Count; number++)
        {
            if (Hosts[number].IsDamaged)
            {
                Sightings.Add(Sighting.DamageLeft);
                Record(new DamagedAtRest<LedgerState, LedgerMessage>(Hosts[number].Id));
            }
            else if (Hosts[number].AtRest() is { } core)
            {
                Record(new ProcessAtRest<LedgerState, LedgerMessage>(core.ToRecord(), core.HeldBackFrames, Clients[number].Unanswered));
            }
        }
    }
}
