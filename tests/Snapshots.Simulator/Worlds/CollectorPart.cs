using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// One part of the collection of a snapshot: its members, asks and reports. What it keeps is stored before anybody is told of it, and
/// a life that starts from what is stored goes on from there.
/// </summary>
internal sealed class CollectorPart(World world, Collector collector, int number)
{
    /// <summary>How long one that has crashed cannot be reached.</summary>
    private const int DownMs = 40;

    private readonly List<Report> _reports = [];
    private CollectorPartLife? _life;
    private long _downUntilMs;

    public SnapshotNumber Snapshot => collector.Snapshot;

    public Partition Partition => collector.Partition;

    public int Number { get; } = number;

    public int End { get; } = EndOf(collector, number);

    public StoredRow Row { get; } = new(EndOf(collector, number));

    /// <summary>The stored members; none before they are known.</summary>
    public IReadOnlyList<ProcessId>? Members { get; private set; }

    /// <summary>The stored reports.</summary>
    public IReadOnlyList<Report> Reports => _reports;

    /// <summary>The life that runs now; one begins if there is none, unless it has just crashed.</summary>
    public CollectorPartLife? Live()
    {
        if (world.Schedule.NowMs < _downUntilMs && !world.Network.IsHealed) return null;
        if (_life is null or { IsDead: true }) _life = new CollectorPartLife(world, this);
        return _life;
    }

    public CollectorPart Other(int part) => collector.Parts[part];

    public void Take(Report report) => Live()?.Take(world.Variant.Arrive(report, world.Plan.Profile.Epoch));

    public void Crash()
    {
        if (_life is { IsDead: false }) world.Sightings.Add(Sighting.CollectorCrashes);
        _life?.Die();
        _downUntilMs = world.Schedule.NowMs + DownMs;
    }

    public void StoreMembers(IReadOnlyList<ProcessId> members) => Members = members;

    public void StoreReports(IReadOnlyList<Report> reports) => _reports.AddRange(reports);

    private static int EndOf(Collector collector, int part) => Link.FirstPart + ((int)collector.Snapshot.Value * Collector.MaxParts) + part;
}
