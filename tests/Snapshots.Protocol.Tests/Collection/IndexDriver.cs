namespace Snapshots.Protocol.Tests;

/// <summary>Drives an index whose writes and calls all succeed, at a wall time of its own.</summary>
internal sealed class IndexDriver
{
    private const long StartMs = 1_700_000_000_000;
    private Instant _now;

    public IndexDriver(int maxOpen, int keep, long maxBytes = long.MaxValue)
    {
        Index = new(null, maxOpen, keep, CollectionPace.Default, shards: 2, default) { MaxBytes = maxBytes };
        Settle();
    }

    public SnapshotIndex Index { get; }

    public long WallMs => StartMs + _now.Milliseconds;

    public HashSet<SnapshotNumber> Deleted { get; } = [];

    public IEnumerable<string> Kept => Index.Stored.Snapshots.Select(each => each.Id.Value);

    public SnapshotSummary Begin(string id, SnapshotOrigin origin = SnapshotOrigin.User)
    {
        Index.Begin(new(new(id), default, TimeSpan.FromSeconds(30)) { Origin = origin }, WallMs);
        Settle();
        return Index.Find(new(id))!;
    }

    public void End(SnapshotSummary ended)
    {
        Index.End(ended with { EndedAtMs = WallMs });
        Settle();
    }

    public void Take(string id, SnapshotStatus status, long bytes = 0) => End(Begin(id) with { Status = status, Bytes = bytes });

    /// <summary>Lets time pass, and ends what the schedule has begun.</summary>
    public void TakeScheduled(long passMs, SnapshotStatus status)
    {
        Pass(passMs);
        End(Index.Stored.Snapshots.Single(each => each.Status == SnapshotStatus.Running) with { Status = status });
    }

    public void Pass(long ms)
    {
        _now = _now.After(ms);
        Settle();
    }

    public void Settle()
    {
        Index.Tick(WallMs, _now);
        while (Index.TakeWork(_now) is { } work)
        {
            if (work is IndexWork.Delete { Snapshot: var deleted }) Deleted.Add(deleted);
            Index.Completed(work, _now);
        }
    }
}
