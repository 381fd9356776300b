using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Collects one snapshot in parts, and ends it. The end is stored before anybody is told of it.</summary>
internal sealed class Collector
{
    /// <summary>Into how many parts a collection is split at most.</summary>
    public const int MaxParts = 3;

    private readonly World _world;
    private readonly long _timesOutAtMs;
    private CollectorLife? _life;

    public Collector(World world, SnapshotNumber snapshot, ProcessId initiator, long timeoutMs)
    {
        _world = world;
        _timesOutAtMs = timeoutMs == 0 ? long.MaxValue : world.Schedule.NowMs + timeoutMs;
        Snapshot = snapshot;
        Initiator = initiator;
        End = Link.FirstCollector + (int)snapshot.Value;
        Row = new(End);
        Partition = new(1 + (int)((world.Plan.Seed + (ulong)snapshot.Value) % MaxParts));
        Parts = [.. Enumerable.Range(0, Partition.Count).Select(part => new CollectorPart(world, this, part))];
    }

    public SnapshotNumber Snapshot { get; }

    public ProcessId Initiator { get; }

    public int End { get; }

    public StoredRow Row { get; }

    public Partition Partition { get; }

    public IReadOnlyList<CollectorPart> Parts { get; }

    /// <summary>Whether the end is stored.</summary>
    public bool HasEnded { get; private set; }

    public bool IsTimedOut => _world.Schedule.NowMs >= _timesOutAtMs;

    private bool IsCompleted { get; set; }

    /// <summary>The part that a process reports to.</summary>
    public CollectorPart PartOf(ProcessId process) => Parts[Partition.PartOf(process)];

    /// <summary>Starts it, unless it runs.</summary>
    public void Start()
    {
        if (_life is { IsDead: false }) return;
        _life = new CollectorLife(_world, this);
        _life.Run();
    }

    public void Abort()
    {
        if (_life is { IsDead: false } life) life.Abort("aborted by a person");
    }

    /// <summary>The collector itself crashes, or one of its parts: which of them, that number says.</summary>
    public void Crash(long which)
    {
        ReadAgain();
        if (which % (Parts.Count + 1) is > 0 and var part)
        {
            Parts[(int)part - 1].Crash();
            return;
        }

        if (_life is { IsDead: false }) _world.Sightings.Add(Sighting.CollectorCrashes);
        _life?.Die();
    }

    public void StoreEnd(LedgerSnapshot? state, string reason, bool isExpected)
    {
        HasEnded = true;
        IsCompleted = state is not null;
        if (state is null)
        {
            _world.Sightings.Add(Sighting.Aborted);
            _world.Record(new SnapshotAborted<LedgerState, LedgerMessage>(Snapshot, reason, isExpected));
            return;
        }

        _world.Sightings.Add(Sighting.Completed);
        if (state.Channels.Any(channel => !channel.Messages.IsEmpty)) _world.Sightings.Add(Sighting.NonEmptyChannelStates);
        _world.Record(new SnapshotCompleted<LedgerState, LedgerMessage>(Snapshot, state));
    }

    /// <summary>The global state out of what all parts have stored.</summary>
    public LedgerSnapshot ToGlobalState()
    {
        var book = _world.Variant.CreateBook(Snapshot, _world.Plan.Profile.Epoch, Parts.SelectMany(part => part.Members ?? []));
        foreach (var report in Parts.SelectMany(part => part.Reports)) book.Accept(report);
        return book.ToGlobalState();
    }

    /// <summary>Puts a completed snapshot together again from what is stored.</summary>
    public void ReadAgain()
    {
        if (!IsCompleted) return;
        var builder = new GlobalStateBuilder<LedgerState, LedgerMessage>(Snapshot, _world.Plan.Profile.Epoch, Parts.SelectMany(part => part.Members!));
        foreach (var report in Parts.SelectMany(part => part.Reports)) builder.Accept(report);
        var state = builder.Status == CollectionStatus.Complete ? builder.ToGlobalState() : null;
        _world.Record(new SnapshotReadAgain<LedgerState, LedgerMessage>(Snapshot, state));
    }
}
