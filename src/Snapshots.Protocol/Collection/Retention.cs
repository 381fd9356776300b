namespace Snapshots.Protocol;

/// <summary>Decides which ended snapshots are no longer kept.</summary>
/// <remarks>
/// Never one that is pinned or that a restore keeps, and never the newest completed one. A schedule limits its own snapshots: the completed
/// and the aborted ones each by their number, so that a series of failures deletes no completed snapshot.
/// </remarks>
internal static class Retention
{
    /// <summary>An import that has not ended after so many milliseconds is dropped: its client is gone.</summary>
    private const long MaxImportMs = 86_400_000;

    /// <summary>The snapshots to drop, oldest first.</summary>
    /// <param name="record">What is kept.</param>
    /// <param name="keep">Snapshots that may be kept.</param>
    /// <param name="maxBytes">What their reports may take in the storage together.</param>
    /// <param name="wallMs">The wall time, in milliseconds since 1970.</param>
    public static IReadOnlySet<SnapshotSummary> Excess(IndexRecord record, int keep, long maxBytes, long wallMs)
    {
        var newest = record.Snapshots.LastOrDefault(each => each.Status == SnapshotStatus.Completed);
        var free = record.Snapshots
            .Where(each => each.Status is SnapshotStatus.Completed or SnapshotStatus.Aborted && !each.Pinned && each != newest && !RestoreSteps.Keeps(record, each)).ToList();
        var excess = record.Snapshots
            .Where(each => each.Status == SnapshotStatus.Importing && wallMs - each.EndedAtMs > MaxImportMs).ToHashSet();
        if (record.Schedule is { Schedule: var schedule }) excess.UnionWith(free.Intersect(OutOf(schedule, record, wallMs)));
        var bytes = record.Snapshots.Sum(each => each.Bytes) - excess.Sum(each => each.Bytes);
        foreach (var oldest in free.Where(each => !excess.Contains(each)).ToList())
        {
            if (record.Snapshots.Length - excess.Count <= keep && bytes <= maxBytes) break;
            excess.Add(oldest);
            bytes -= oldest.Bytes;
        }

        return excess;
    }

    private static IEnumerable<SnapshotSummary> OutOf(SnapshotSchedule schedule, IndexRecord record, long wallMs)
    {
        var ended = record.Snapshots.Where(each => each is { Origin: SnapshotOrigin.Schedule, EndedAtMs: not null }).ToList();
        var old = schedule.KeepFor is { } time ? ended.Where(each => wallMs - each.EndedAtMs > time.TotalMilliseconds) : [];
        var many = schedule.KeepLast is { } last ? ended.GroupBy(each => each.Status).SelectMany(each => each.SkipLast(last)) : [];
        return old.Concat(many);
    }
}
