using Snapshots.Protocol;

namespace Snapshots.Simulation;

/// <summary>
/// Gathers one snapshot: members, asks, reports, end. What it keeps is stored before anybody is told of it, and a life that starts
/// from what is stored goes on from there.
/// </summary>
internal sealed class Collector(World world, SnapshotNumber snapshot, ProcessId initiator, long timeoutMs)
{
    private readonly List<Report> _reports = [];
    private readonly long _timesOutAtMs = timeoutMs == 0 ? long.MaxValue : world.Schedule.NowMs + timeoutMs;
    private CollectorLife? _life;

    public SnapshotNumber Snapshot { get; } = snapshot;

    public ProcessId Initiator { get; } = initiator;

    public int End { get; } = Link.FirstCollector + (int)snapshot.Value;

    public StoredRow Row { get; } = new(Link.FirstCollector + (int)snapshot.Value);

    /// <summary>The stored members; none before they are known.</summary>
    public IReadOnlyList<ProcessId>? Members { get; private set; }

    /// <summary>The stored reports.</summary>
    public IReadOnlyList<Report> Reports => _reports;

    /// <summary>Whether the end is stored.</summary>
    public bool HasEnded { get; private set; }

    public bool IsTimedOut => world.Schedule.NowMs >= _timesOutAtMs;

    private bool IsCompleted { get; set; }

    /// <summary>Starts it, unless it runs.</summary>
    public void Start()
    {
        if (_life is { IsDead: false }) return;
        _life = new CollectorLife(world, this);
        _life.Run();
    }

    public void Take(Report report)
    {
        if (_life is { IsDead: false } life) life.Take(world.Variant.Arrive(report, world.Plan.Profile.Epoch));
    }

    public void Abort()
    {
        if (_life is { IsDead: false } life) life.Abort("aborted by a person");
    }

    public void Crash()
    {
        if (_life is { IsDead: false }) world.Sightings.Add(Sighting.CollectorCrashes);
        _life?.Die();
        ReadAgain();
    }

    public void StoreMembers(IReadOnlyList<ProcessId> members) => Members = members;

    public void StoreReports(IReadOnlyList<Report> reports) => _reports.AddRange(reports);

    public void StoreEnd(LedgerSnapshot? state, string reason, bool isExpected)
    {
        HasEnded = true;
        IsCompleted = state is not null;
        if (state is null)
        {
            world.Sightings.Add(Sighting.Aborted);
            world.Record(new SnapshotAborted<LedgerState, LedgerMessage>(Snapshot, reason, isExpected));
            return;
        }

        world.Sightings.Add(Sighting.Completed);
        if (state.Channels.Any(channel => !channel.Messages.IsEmpty)) world.Sightings.Add(Sighting.NonEmptyChannelStates);
        world.Record(new SnapshotCompleted<LedgerState, LedgerMessage>(Snapshot, state));
    }

    /// <summary>Puts a completed snapshot together again from what is stored.</summary>
    public void ReadAgain()
    {
        if (!IsCompleted) return;
        var builder = new GlobalStateBuilder<LedgerState, LedgerMessage>(Snapshot, world.Plan.Profile.Epoch, Members!);
        foreach (var report in _reports) builder.Accept(report);
        var state = builder.Status == CollectionStatus.Complete ? builder.ToGlobalState() : null;
        world.Record(new SnapshotReadAgain<LedgerState, LedgerMessage>(Snapshot, state));
    }
}
