using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// Drives the restores of an index, one after the other: says what is to be stored next, and which calls are to be
/// repeated until they have had their effect.
/// </summary>
/// <remarks>
/// <code>
/// stored      what is called for                            what ends it
/// ----------  --------------------------------------------  -------------------------------------------------
/// preparing   verify the source                             a source that does not verify: aborted
///             a safety snapshot, unless refused             one that does not complete: aborted
///             stop the open snapshots; none begins          none is open: closing
/// closing     shards close, and all their members           every member has confirmed: the commit
/// applying    shards move, and all their members apply      every member has confirmed: completed
/// aborted     shards open again, and all their members      every member has confirmed
/// </code>
/// <para>
/// Calls follow from what is stored alone. What is known in memory only (a verified source, answers of shards) is asked
/// for again after a loss. The commit is one write of the index, with the new epoch.
/// </para>
/// </remarks>
internal sealed class RestoreSteps(int shards)
{
    /// <summary>Restores that may wait or run.</summary>
    public const int MaxRunning = 8;

    /// <summary>Ended restores that are kept.</summary>
    public const int MaxEnded = 100;

    private static readonly TimeSpan SafetyTimeout = TimeSpan.FromMinutes(5);

    private readonly Dictionary<int, RestoreCounts> _done = [];
    private readonly Dictionary<int, ShardStanding> _behind = [];
    private ShardOrder? _order;
    private RestoreNumber _verified;
    private string? _failure;

    /// <summary>Whether open snapshots are stopped, and none begins, so that the processes can be closed.</summary>
    public bool IsStopping { get; set; }

    /// <summary>The record with one more restore; none if too many run.</summary>
    public static IndexRecord? Begin(IndexRecord record, RestoreRequest request, SnapshotSummary source, long wallMs)
    {
        if (record.Restores.Count(each => each.IsRunning) >= MaxRunning) return null;
        var number = record.Restores.IsEmpty ? new RestoreNumber(1) : record.Restores[^1].Number.Next;
        var restore = new RestoreSummary(
            number, source.Id, source.Number, source.Epoch, RestoreStatus.Preparing, request.Reason, request.TakesSafety, wallMs);
        var ended = record.Restores.Where(each => !each.IsRunning && each.ToEpoch != record.Epoch).ToList();
        var dropped = ended.Take(ended.Count - MaxEnded).ToHashSet();
        return record with { Restores = [.. record.Restores.Where(each => !dropped.Contains(each)), restore] };
    }

    public static RestoreSummary Abort(RestoreSummary restore, string reason, long wallMs) =>
        restore with { Status = RestoreStatus.Aborted, Failure = reason, EndedAtMs = wallMs };

    /// <summary>Whether a snapshot is the source or the safety snapshot of a restore that runs, or of the last one.</summary>
    public static bool Keeps(IndexRecord record, SnapshotSummary snapshot)
    {
        var last = record.Restores.LastOrDefault(each => each.Status == RestoreStatus.Completed);
        return record.Restores.Any(each =>
            (each.IsRunning || each == last) && (each.SourceNumber == snapshot.Number || each.Safety == snapshot.Id));
    }

    /// <summary>The snapshots when a restore is completed: the safety snapshots of earlier ones may be deleted now.</summary>
    public static ImmutableArray<SnapshotSummary> Unpin(ImmutableArray<SnapshotSummary> snapshots, RestoreSummary completed) =>
        [.. snapshots.Select(each => each.Origin == SnapshotOrigin.Safety && each.Id != completed.Safety ? each with { Pinned = false } : each)];

    /// <summary>The calls that the stored restores want, in order.</summary>
    public IEnumerable<IndexWork> Calls(IndexRecord stored)
    {
        var active = stored.ActiveRestore;
        if (active is { Status: RestoreStatus.Preparing } && _verified != active.Number)
        {
            var source = stored.Snapshots.FirstOrDefault(each => each.Number == active.SourceNumber);
            if (source is not null) yield return new IndexWork.Verify(active.Number, source);
        }

        var order = OrderOf(stored);
        if (order != _order)
        {
            _order = order;
            _done.Clear();
            _behind.Clear();
        }

        for (var shard = 0; order is not null && shard < shards; shard++)
        {
            if (!_done.ContainsKey(shard)) yield return new IndexWork.Order(shard, order.Value);
        }
    }

    /// <summary>Why the open snapshots are stopped; none while they are not.</summary>
    public string? StopReason(IndexRecord stored) =>
        IsStopping && stored.ActiveRestore is { } active ? $"restore {active.Number} of snapshot {active.Source}" : null;

    public void Verified(RestoreNumber restore, string? failure) => (_verified, _failure) = (restore, failure);

    /// <summary>Whether the shard has done what it was last told.</summary>
    public bool IsDone(IndexWork.Order work, ShardStanding standing)
    {
        if (work.Wanted != _order) return true;
        if (standing.Gate != work.Wanted.Gate || !standing.IsDone)
        {
            _behind[work.Shard] = standing;
            return false;
        }

        _behind.Remove(work.Shard);
        _done[work.Shard] = standing.Counts;
        return true;
    }

    /// <summary>The safety snapshot that is to begin now; none if that is not what is next.</summary>
    public SnapshotRequest? WantsSafety(IndexRecord memory, RestoreSummary restore)
    {
        if (restore is not { Status: RestoreStatus.Preparing, TakesSafety: true } || restore.Safety != default) return null;
        if (_verified != restore.Number || _failure is not null) return null;
        var id = $"safety-{restore.Number}";
        while (memory.Snapshots.Any(each => each.Id.Value == id)) id += "x"; // Ends: there are finitely many.
        return new(new(id), default, SafetyTimeout) { Origin = SnapshotOrigin.Safety };
    }

    /// <summary>What the restore becomes next; none if it waits.</summary>
    public RestoreSummary? Next(IndexRecord memory, RestoreSummary restore, long wallMs)
    {
        switch (restore.Status)
        {
            case RestoreStatus.Preparing:
                return Prepare(memory, restore, wallMs);
            case RestoreStatus.Closing when AllDone(restore):
                var newest = memory.Epoch > restore.SourceEpoch ? memory.Epoch : restore.SourceEpoch;
                return restore with { Status = RestoreStatus.Applying, ToEpoch = newest.Next };
            case RestoreStatus.Applying when AllDone(restore):
                var counts = _done.Values.Aggregate((left, right) => left.Add(right));
                return restore with { Status = RestoreStatus.Completed, Counts = counts, EndedAtMs = wallMs };
            default:
                return null;
        }
    }

    /// <summary>Some of what a restore waits for.</summary>
    public IReadOnlyList<string> WaitingFor(IndexRecord stored, RestoreSummary restore)
    {
        if (!restore.IsRunning) return [];
        if (restore.Number != stored.ActiveRestore?.Number) return [$"restore {stored.ActiveRestore?.Number}"];
        if (restore.Status == RestoreStatus.Preparing)
        {
            return [.. stored.Snapshots.Where(each => each.Status == SnapshotStatus.Running).Select(each => $"snapshot {each.Id}")];
        }

        var processes = _behind.Values.SelectMany(each => each.WaitingFor).Order().Take(CollectionProgress.MaxWaitingFor);
        return [.. processes.Select(process => process.Value)];
    }

    /// <summary>
    /// What the shards are to do. (1) A restore is aborted while it closes, and a shard has not heard of that; (2) the next
    /// one is aborted before it has closed anything. So what the shards are told is the last word that they were to hear.
    /// </summary>
    private static ShardOrder? OrderOf(IndexRecord stored) =>
        (stored.ActiveRestore is { Order: not null } active ? active : stored.Restores.LastOrDefault(HasEndedAtTheShards))?.Order;

    private static bool HasEndedAtTheShards(RestoreSummary restore) =>
        restore.Status == RestoreStatus.Completed || restore is { IsRunning: false, Order: not null };

    private bool AllDone(RestoreSummary restore) => restore.Order == _order && _done.Count == shards;

    private RestoreSummary? Prepare(IndexRecord memory, RestoreSummary restore, long wallMs)
    {
        if (memory.Snapshots.All(each => each.Number != restore.SourceNumber)) return Abort(restore, "its snapshot was deleted", wallMs);
        if (_verified != restore.Number) return null;
        if (_failure is { } failure) return Abort(restore, $"snapshot {restore.Source} cannot be restored: {failure}", wallMs);
        if (restore.TakesSafety)
        {
            if (restore.Safety == default) return null;
            var safety = memory.Snapshots.FirstOrDefault(each => each.Id == restore.Safety);
            if (safety is { Status: SnapshotStatus.Running }) return null;
            if (safety is not { Status: SnapshotStatus.Completed })
            {
                return Abort(restore, $"no safety snapshot could be taken: {safety?.Reason ?? "it was deleted"}", wallMs);
            }
        }

        IsStopping = true;
        return memory.Snapshots.Any(each => each.Status == SnapshotStatus.Running)
            ? null
            : restore with { Status = RestoreStatus.Closing, FromEpoch = memory.Epoch };
    }
}
