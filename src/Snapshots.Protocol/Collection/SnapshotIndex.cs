using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What the index stores.</summary>
/// <param name="Epoch">The history since the last restore.</param>
/// <param name="Highest">The highest number given out.</param>
/// <param name="Snapshots">The snapshots that are kept, oldest first; an open one is always among them.</param>
/// <param name="Dropped">Snapshots that are no longer kept and whose rows may still be there.</param>
public sealed record IndexRecord(
    Epoch Epoch, SnapshotNumber Highest, ImmutableArray<SnapshotSummary> Snapshots, ImmutableArray<SnapshotNumber> Dropped)
{
    /// <summary>When snapshots are taken by the index itself; none if no schedule is set.</summary>
    public ScheduleRecord? Schedule { get; init; }

    /// <summary>The restores that are known, oldest first; one that runs is always among them.</summary>
    public ImmutableArray<RestoreSummary> Restores { get; init; } = [];

    /// <summary>The restore that is next to be driven: the oldest one that runs.</summary>
    internal RestoreSummary? ActiveRestore => Restores.FirstOrDefault(each => each.IsRunning);

    /// <summary>The restore that has made the present epoch; none in an epoch that no restore has made.</summary>
    internal RestoredFrom? RestoredFrom =>
        Restores.LastOrDefault(each => each.ToEpoch == Epoch) is { } made ? new(made.Number, made.Source) : null;

    /// <summary>No number was given out.</summary>
    public static IndexRecord Empty { get; } = new(Epoch.First, default, [], []);
}

/// <summary>What an index wants done.</summary>
public abstract record IndexWork
{
    /// <summary>Stores the record; one at a time.</summary>
    public sealed record Write(IndexRecord Record) : IndexWork;

    /// <summary>
    /// Calls the collector of an open snapshot, which starts unless it runs; any number at the same time.
    /// </summary>
    public sealed record Start(SnapshotSummary Summary) : IndexWork;

    /// <summary>
    /// Calls the collector of a dropped snapshot, which deletes all that is stored of it; any number at the same time.
    /// </summary>
    public sealed record Delete(SnapshotNumber Snapshot) : IndexWork;

    /// <summary>
    /// Has the collector of an open snapshot abort it, before a restore; any number at the same time.
    /// </summary>
    public sealed record Stop(SnapshotSummary Summary, string Reason) : IndexWork;

    /// <summary>
    /// Reads all of the source of a restore, and checks it: the certificate, and that each state and message can be
    /// read. Answered by <c>Verified</c>.
    /// </summary>
    public sealed record Verify(RestoreNumber Restore, SnapshotSummary Source) : IndexWork;

    /// <summary>Gives a directory shard an order; answered by <c>Ordered</c>.</summary>
    public sealed record Order(int Shard, ShardOrder Wanted) : IndexWork;
}

/// <summary>
/// Numbers the snapshots of one application and knows which are open. A number is stored before it is used, so no
/// number means two snapshots. It sees to it that the collectors of open snapshots run, and that what is no longer kept
/// gets deleted: calls that it hands out and does not wait for, so that a collector that cannot be reached blocks
/// nothing. It takes the snapshots of the schedule, and drops what is no longer to be kept.
/// </summary>
/// <remarks>
/// Inputs change memory at once; <see cref="Stored"/> is what is durable, and the only thing that is shown to others. A
/// write that fails ends the machine; the next one starts from what is stored. That write may still take effect: (1) it
/// fails; (2) the next machine reads; (3) the write takes effect, and a number that nothing supervises is open. So a
/// machine begins with a write, whereupon (3) is refused. That holds for the first snapshot of all, too: both machines
/// give it number 1, and the storage, which takes one first write of a row, would let the earlier one win. It drives the
/// restores, one after the other: <see cref="RestoreSteps"/>. Not safe for concurrent use.
/// </remarks>
public sealed class SnapshotIndex : IStateMachine<IndexWork>
{
    /// <summary>How often it looks which snapshots are too old, in milliseconds, while nothing else happens.</summary>
    private const long RetainEveryMs = 1000;

    /// <summary>The highest epoch of a snapshot from elsewhere: a restore goes on from there.</summary>
    private const long MaxEpoch = 1L << 53;

    private readonly int _maxOpen;
    private readonly int _keep;
    private readonly CollectionPace _pace;
    private readonly RestoreSteps _restores;
    private readonly HashSet<SnapshotNumber> _deleted = [];

    /// <summary>The calls that are wanted, in the order in which they are made first.</summary>
    private Dictionary<IndexWork, Supervised> _supervised = [];
    private IndexRecord _memory;
    private IndexWork.Write? _writing;
    private long _writingRevision;
    private long? _wallMs;
    private Instant? _scheduleAt;
    private IndexRecord? _retained;
    private Instant _retainAt;

    /// <summary>Starts the index.</summary>
    /// <param name="stored">What is stored; none if nothing ever was.</param>
    /// <param name="maxOpen">Snapshots that may be open at a time.</param>
    /// <param name="keep">Ended snapshots that are kept; the oldest ones above that are dropped.</param>
    /// <param name="pace">The pauses.</param>
    /// <param name="shards">Shards of the directory.</param>
    /// <param name="now">The time.</param>
    public SnapshotIndex(IndexRecord? stored, int maxOpen, int keep, CollectionPace pace, int shards, Instant now)
    {
        ArgumentNullException.ThrowIfNull(pace);
        (_maxOpen, _keep, _pace, _restores) = (maxOpen, keep, pace, new(shards));
        _memory = Stored = stored ?? IndexRecord.Empty;
        Announcement = AnnouncementOf(Stored);
        Revision = 1; // The first write fences earlier ones.
        Supervise(now);
    }

    /// <summary>
    /// What the reports of kept snapshots may take in the storage, in bytes; the oldest ones above that are dropped.
    /// </summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>What is durable.</summary>
    public IndexRecord Stored { get; private set; }

    /// <summary>Which snapshots are open, as it is durable.</summary>
    public SnapshotAnnouncement Announcement { get; private set; }

    /// <inheritdoc/>
    public long Revision { get; private set; }

    /// <inheritdoc/>
    public long DurableRevision { get; private set; }

    /// <inheritdoc/>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public Instant? DueAt => IsOver
        ? null
        : _supervised.Values.Where(each => !each.IsCalled).Select(each => (Instant?)each.DueAt).Append(_scheduleAt).Min();

    /// <summary>
    /// Whether a restore closes or applies, or is about to close: no snapshot begins until it has ended.
    /// </summary>
    public bool IsRestoring => _memory.ActiveRestore is { Status: not RestoreStatus.Preparing } || _restores.IsStopping;

    /// <summary>
    /// Begins a snapshot, or finds the one that has the id. None if as many are open as may be, or the index
    /// <see cref="IsRestoring"/>.
    /// </summary>
    /// <param name="request">The wish.</param>
    /// <param name="wallMs">The wall time, in milliseconds since 1970.</param>
    /// <exception cref="ArgumentException">The request is not valid; nothing has changed.</exception>
    public SnapshotSummary? Begin(SnapshotRequest request, long wallMs)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        RequireLife();
        if (Find(_memory, request.Id) is { } known) return known;
        if (IsRestoring || _memory.Snapshots.Count(each => each.Status == SnapshotStatus.Running) >= _maxOpen) return null;
        var summary = SnapshotSummary.Begin(request, _memory.Highest.Next, _memory.Epoch, wallMs) with { RestoredFrom = _memory.RestoredFrom };
        Change(Retain(_memory with { Highest = summary.Number, Snapshots = _memory.Snapshots.Add(summary) }, wallMs));
        return summary;
    }

    /// <summary>Takes the word of a collector that its snapshot has ended. Saying it again is harmless.</summary>
    public void End(SnapshotSummary ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        RequireLife();
        var place = _memory.Snapshots.FirstOrDefault(each => each.Number == ended.Number);
        if (place is not { Status: SnapshotStatus.Running } || ended.Status == SnapshotStatus.Running) return;
        Change(_memory with { Snapshots = _memory.Snapshots.Replace(place, ended with { Pinned = place.Pinned }) });
    }

    /// <summary>
    /// Begins to store a snapshot that was taken elsewhere, under a number of this index; under its own id unless that is
    /// in use. None if as many are being stored as may be open.
    /// </summary>
    /// <exception cref="ArgumentException">It is not completed, or its epoch is none; nothing has changed.</exception>
    public SnapshotSummary? Import(SnapshotSummary source, long wallMs)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Id == default || source.Status != SnapshotStatus.Completed || source.Epoch < Epoch.First || source.Epoch.Value > MaxEpoch)
            throw new ArgumentException($"snapshot {source.Id} of epoch {source.Epoch} is not one that can be imported");
        RequireLife();
        if (_memory.Snapshots.Count(each => each.Status == SnapshotStatus.Importing) >= _maxOpen) return null;
        var number = _memory.Highest.Next;
        var id = Find(_memory, source.Id) is null ? source.Id : FreeId($"imported-{number}");
        var summary = source with
        {
            Id = id,
            Number = number,
            Status = SnapshotStatus.Importing,
            EndedAtMs = wallMs, // Until it is whole: then its own.
            Origin = SnapshotOrigin.User,
            Pinned = false,
        };
        Change(Retain(_memory with { Highest = number, Snapshots = _memory.Snapshots.Add(summary) }, wallMs));
        return summary;
    }

    /// <summary>
    /// All of a snapshot that was taken elsewhere is stored: it is completed. None if it is not being imported. Saying it
    /// again is harmless.
    /// </summary>
    /// <param name="number">Its number here.</param>
    /// <param name="endedAtMs">When it was completed, where it was taken.</param>
    /// <param name="bytes">About what its reports take, in bytes.</param>
    public SnapshotSummary? Imported(SnapshotNumber number, long endedAtMs, long bytes)
    {
        RequireLife();
        if (_memory.Snapshots.FirstOrDefault(each => each.Number == number) is not { } found) return null;
        if (found.Status != SnapshotStatus.Importing) return found.Status == SnapshotStatus.Completed ? found : null;
        var completed = found with { Status = SnapshotStatus.Completed, EndedAtMs = Math.Max(endedAtMs, found.StartedAtMs), Bytes = bytes };
        Change(_memory with { Snapshots = _memory.Snapshots.Replace(found, completed) });
        return completed;
    }

    /// <summary>Whether reports may be stored for a snapshot from outside.</summary>
    public bool IsImporting(SnapshotNumber number) =>
        Stored.Snapshots.Any(each => each.Number == number && each.Status == SnapshotStatus.Importing);

    /// <summary>Pins a snapshot, or takes its pin away.</summary>
    /// <returns>
    /// The snapshot; none if there is none of that id. It is not pinned if as many are pinned as may be kept.
    /// </returns>
    public SnapshotSummary? Pin(SnapshotId id, bool isPinned)
    {
        RequireLife();
        if (Find(_memory, id) is not { } found || found.Pinned == isPinned) return Find(_memory, id);
        if (isPinned && _memory.Snapshots.Count(each => each.Pinned) >= _keep) return found;
        var changed = found with { Pinned = isPinned };
        Change(_memory with { Snapshots = _memory.Snapshots.Replace(found, changed) });
        return changed;
    }

    /// <summary>Sets the schedule, or clears it.</summary>
    /// <exception cref="ArgumentException">The schedule is not valid; nothing has changed.</exception>
    public void Set(SnapshotSchedule? schedule, long wallMs)
    {
        schedule?.Validate();
        RequireLife();
        Change(_memory with { Schedule = schedule is null ? null : ScheduleRecord.Set(schedule, _memory.Schedule, wallMs) });
    }

    /// <summary>
    /// Says what time it is. The silos ask the index all the time, and that brings a lost one back; so each of their
    /// questions tells it. Before the first time nothing is taken by schedule.
    /// </summary>
    public void Tick(long wallMs, Instant now) => _wallMs = wallMs - now.Milliseconds;

    /// <summary>
    /// Drops an ended snapshot, whose rows are then deleted. False when there is none of that id, it still runs, it is
    /// pinned, or it is the source or the safety snapshot of the last restore.
    /// </summary>
    public bool Remove(SnapshotId id)
    {
        RequireLife();
        if (Find(_memory, id) is not { Status: not SnapshotStatus.Running, Pinned: false } found) return false;
        if (RestoreSteps.Keeps(_memory, found)) return false;
        Change(_memory with { Snapshots = _memory.Snapshots.Remove(found), Dropped = _memory.Dropped.Add(found.Number) });
        return true;
    }

    /// <summary>The snapshot of that id, as it is durable; none if there is none.</summary>
    public SnapshotSummary? Find(SnapshotId id) => Find(Stored, id);

    /// <summary>
    /// Begins a restore, which waits for those before it. None if there is no completed snapshot of that id, or too many
    /// restores wait.
    /// </summary>
    /// <param name="request">The wish.</param>
    /// <param name="wallMs">The wall time, in milliseconds since 1970.</param>
    /// <exception cref="ArgumentException">The request is not valid; nothing has changed.</exception>
    public RestoreSummary? BeginRestore(RestoreRequest request, long wallMs)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        RequireLife();
        if (Find(_memory, request.Source) is not { Status: SnapshotStatus.Completed } source) return null;
        if (RestoreSteps.Begin(_memory, request, source, wallMs) is not { } begun) return null;
        Change(begun);
        return begun.Restores[^1];
    }

    /// <summary>
    /// Aborts a restore. False if it is committed; none if there is none of that number. One that was aborted stays so.
    /// </summary>
    public bool? AbortRestore(RestoreNumber number, string reason, Instant now)
    {
        RequireLife();
        if (_memory.Restores.FirstOrDefault(each => each.Number == number) is not { } restore) return null;
        if (restore.Status is RestoreStatus.Applying or RestoreStatus.Completed) return false;
        if (restore.IsRunning) Replace(restore, RestoreSteps.Abort(restore, reason, WallMs(restore, now)));
        return true;
    }

    /// <summary>The restore of that number with what it waits for, as it is durable; none if there is none.</summary>
    public RestoreView? FindRestore(RestoreNumber number) =>
        Stored.Restores.FirstOrDefault(each => each.Number == number) is { } restore
            ? new(restore, _restores.WaitingFor(Stored, restore))
            : null;

    /// <inheritdoc/>
    public IndexWork? TakeWork(Instant now)
    {
        if (IsOver) return null;
        if (_wallMs is { } wallMs) Advance(wallMs + now.Milliseconds, now);
        AdvanceRestore(now);
        if (_writing is null && Revision > DurableRevision)
        {
            // A deletion is noted with the next write: to forget it costs no more than to repeat it.
            _memory = _memory with { Dropped = _memory.Dropped.RemoveAll(_deleted.Contains) };
            _writingRevision = Revision;
            return _writing = new IndexWork.Write(_memory);
        }

        foreach (var each in _supervised.Values)
        {
            if (each.IsCalled || now < each.DueAt) continue;
            each.IsCalled = true;
            return each.Work;
        }

        return null;
    }

    /// <summary>A piece of work is done. A <see cref="IndexWork.Delete"/> is done only when nothing is left.</summary>
    public void Completed(IndexWork work, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (IsOver) return;
        if (work is not IndexWork.Write write)
        {
            if (work is IndexWork.Delete { Snapshot: var deleted } && _supervised.Remove(work)) _deleted.Add(deleted);
            CallAgain(work, now);
            return;
        }

        Stored = write.Record;
        Announcement = AnnouncementOf(Stored);
        _deleted.IntersectWith(Stored.Dropped);
        DurableRevision = _writingRevision;
        _writing = null;
        Supervise(now);
    }

    /// <summary>The source of a restore was read: whether and why it cannot be restored.</summary>
    public void Verified(IndexWork.Verify work, string? failure, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (IsOver) return;
        _restores.Verified(work.Restore, failure);
        Supervise(now);
    }

    /// <summary>A shard has answered an order.</summary>
    public void Ordered(IndexWork.Order work, ShardStanding standing, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(standing);
        if (IsOver) return;
        if (_restores.IsDone(work, standing)) Supervise(now);
        else CallAgain(work, now);
    }

    /// <summary>A piece of work has failed. A call is repeated; a write ends the machine.</summary>
    public void Failed(IndexWork work, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work is IndexWork.Write) IsOver = true;
        else CallAgain(work, now);
    }

    private static SnapshotSummary? Find(IndexRecord record, SnapshotId id) => record.Snapshots.FirstOrDefault(each => each.Id == id);

    private static SnapshotAnnouncement AnnouncementOf(IndexRecord record) => new(
        record.Highest, record.Snapshots.Where(each => each.Status == SnapshotStatus.Running).Select(each => each.Number));

    /// <summary>What the time brings: a snapshot of the schedule, and the end of what is kept.</summary>
    private void Advance(long wallMs, Instant now)
    {
        if (_memory.Schedule is { } set && set.At(wallMs) is var schedule)
        {
            if (schedule.DueMs(wallMs) is { } dueMs) BeginScheduled(schedule with { ReachedMs = dueMs }, wallMs);
            else if (schedule != set) _memory = _memory with { Schedule = schedule };
        }

        _scheduleAt = _memory.Schedule is { } next ? now.After(next.NextMs(wallMs) - wallMs) : null;
        if (ReferenceEquals(_retained, _memory) && now < _retainAt) return;
        var kept = Retain(_memory, wallMs);
        if (!ReferenceEquals(kept, _memory)) Change(kept);
        (_retained, _retainAt) = (_memory, now.After(RetainEveryMs));
    }

    /// <summary>
    /// Takes the snapshot in the same write that notes its time. A time that is skipped is noted with the next write: to
    /// forget it costs at most a snapshot that begins late.
    /// </summary>
    private void BeginScheduled(ScheduleRecord reached, long wallMs)
    {
        _memory = _memory with { Schedule = reached };
        if (_memory.Snapshots.Any(each => each is { Origin: SnapshotOrigin.Schedule, Status: SnapshotStatus.Running })) return;
        Begin(new(FreeId($"scheduled-{_memory.Highest.Next}"), default, SnapshotSchedule.SnapshotTimeout) { Origin = SnapshotOrigin.Schedule }, wallMs);
    }

    private SnapshotId FreeId(string id)
    {
        while (Find(_memory, new(id)) is not null) id += "x"; // Ends: a snapshot of that id is kept for each turn.
        return new(id);
    }

    private IndexRecord Retain(IndexRecord record, long wallMs)
    {
        var excess = Retention.Excess(record, _keep, MaxBytes, wallMs);
        return excess.Count == 0 ? record : record with
        {
            Snapshots = record.Snapshots.RemoveAll(excess.Contains),
            Dropped = [.. record.Dropped, .. record.Snapshots.Where(excess.Contains).Select(each => each.Number)],
        };
    }

    private void Change(IndexRecord record)
    {
        _memory = record;
        Revision++;
    }

    private void RequireLife()
    {
        if (IsOver) throw new InvalidOperationException("a write of the index has failed: it starts again from what is stored");
    }

    private void CallAgain(IndexWork work, Instant now)
    {
        if (!_supervised.TryGetValue(work, out var each)) return;
        var pauseMs = work is IndexWork.Order ? _pace.Orders.PauseMs(each.Calls) : _pace.SuperviseMs;
        (each.IsCalled, each.DueAt, each.Calls) = (false, now.After(pauseMs), each.Calls + 1);
    }

    /// <summary>Takes what the restores have decided, and the safety snapshot that they want.</summary>
    private void AdvanceRestore(Instant now)
    {
        if (_memory.ActiveRestore is not { } restore) return;
        var wasStopping = _restores.IsStopping;
        if (_restores.Next(_memory, restore, WallMs(restore, now)) is { } next) Replace(restore, next);
        else if (_restores.WantsSafety(_memory, restore) is { } wish && Begin(wish, WallMs(restore, now)) is { } safety)
        {
            Replace(restore, restore with { Safety = safety.Id });
        }

        if (_restores.IsStopping != wasStopping) Supervise(now);
    }

    private void Replace(RestoreSummary restore, RestoreSummary next)
    {
        Change(_memory with
        {
            Epoch = next.ToEpoch > _memory.Epoch ? next.ToEpoch : _memory.Epoch,
            Restores = _memory.Restores.Replace(restore, next),
            Snapshots = next.Status == RestoreStatus.Completed ? RestoreSteps.Unpin(_memory.Snapshots, next) : _memory.Snapshots,
        });
        _restores.IsStopping &= next.Status == RestoreStatus.Preparing;
    }

    private long WallMs(RestoreSummary restore, Instant now) => Math.Max(restore.StartedAtMs, (_wallMs ?? 0) + now.Milliseconds);

    /// <summary>Calls for what is durable: snapshots and restores, each call at once the first time.</summary>
    private void Supervise(Instant now)
    {
        var wanted = Stored.Snapshots.Where(each => each.Status == SnapshotStatus.Running)
            .Select(IndexWork (each) => _restores.StopReason(Stored) is { } reason ? new IndexWork.Stop(each, reason) : new IndexWork.Start(each))
            .Concat(Stored.Dropped.Where(number => !_deleted.Contains(number)).Select(number => new IndexWork.Delete(number)))
            .Concat(_restores.Calls(Stored));
        var supervised = new Dictionary<IndexWork, Supervised>();
        foreach (var work in wanted) supervised[work] = _supervised.GetValueOrDefault(work) ?? new Supervised(work) { DueAt = now };
        _supervised = supervised;
    }

    private sealed class Supervised(IndexWork work)
    {
        public IndexWork Work { get; } = work;

        public bool IsCalled { get; set; }

        public int Calls { get; set; }

        public Instant DueAt { get; set; }
    }
}
