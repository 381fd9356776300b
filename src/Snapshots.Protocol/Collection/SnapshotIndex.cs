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
/// machine that starts from a record writes it once, whereupon (3) is refused. Not safe for concurrent use.
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
    private readonly SortedDictionary<SnapshotNumber, Supervised> _supervised = [];
    private readonly HashSet<SnapshotNumber> _deleted = [];
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
    /// <param name="now">The time.</param>
    public SnapshotIndex(IndexRecord? stored, int maxOpen, int keep, CollectionPace pace, Instant now)
    {
        ArgumentNullException.ThrowIfNull(pace);
        (_maxOpen, _keep, _pace) = (maxOpen, keep, pace);
        _memory = Stored = stored ?? IndexRecord.Empty;
        Announcement = AnnouncementOf(Stored);
        if (stored is not null) Revision = 1; // The first write fences earlier ones.
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

    /// <summary>Begins a snapshot, or finds the one that has the id. None if as many are open as may be.</summary>
    /// <param name="request">The wish.</param>
    /// <param name="wallMs">The wall time, in milliseconds since 1970.</param>
    /// <exception cref="ArgumentException">The request is not valid; nothing has changed.</exception>
    public SnapshotSummary? Begin(SnapshotRequest request, long wallMs)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        RequireLife();
        if (Find(_memory, request.Id) is { } known) return known;
        if (_memory.Snapshots.Count(each => each.Status == SnapshotStatus.Running) >= _maxOpen) return null;
        var summary = SnapshotSummary.Begin(request, _memory.Highest.Next, _memory.Epoch, wallMs);
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
    /// Drops an ended snapshot, whose rows are then deleted. False when there is none of that id, it still runs, or it
    /// is pinned.
    /// </summary>
    public bool Remove(SnapshotId id)
    {
        RequireLife();
        if (Find(_memory, id) is not { Status: not SnapshotStatus.Running, Pinned: false } found) return false;
        Change(_memory with { Snapshots = _memory.Snapshots.Remove(found), Dropped = _memory.Dropped.Add(found.Number) });
        return true;
    }

    /// <summary>The snapshot of that id, as it is durable; none if there is none.</summary>
    public SnapshotSummary? Find(SnapshotId id) => Find(Stored, id);

    /// <inheritdoc/>
    public IndexWork? TakeWork(Instant now)
    {
        if (IsOver) return null;
        if (_wallMs is { } wallMs) Advance(wallMs + now.Milliseconds, now);
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
            if (work is IndexWork.Delete { Snapshot: var deleted } && _supervised.Remove(deleted)) _deleted.Add(deleted);
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
        var number = work is IndexWork.Start { Summary.Number: var started } ? started : ((IndexWork.Delete)work).Snapshot;
        if (!_supervised.TryGetValue(number, out var each) || each.Work != work) return;
        (each.IsCalled, each.DueAt) = (false, now.After(_pace.SuperviseMs));
    }

    /// <summary>Calls for what is durable: open snapshots and dropped ones, each at once the first time.</summary>
    private void Supervise(Instant now)
    {
        var wanted = new SortedDictionary<SnapshotNumber, IndexWork>();
        foreach (var each in Stored.Snapshots)
        {
            if (each.Status == SnapshotStatus.Running) wanted.Add(each.Number, new IndexWork.Start(each));
        }

        foreach (var number in Stored.Dropped)
        {
            if (!_deleted.Contains(number)) wanted.Add(number, new IndexWork.Delete(number));
        }

        foreach (var number in _supervised.Keys.Where(number => !wanted.ContainsKey(number)).ToList()) _supervised.Remove(number);
        foreach (var (number, work) in wanted)
        {
            if (_supervised.TryGetValue(number, out var known) && known.Work == work) continue;
            _supervised[number] = new Supervised(work) { DueAt = now };
        }
    }

    private sealed class Supervised(IndexWork work)
    {
        public IndexWork Work { get; } = work;

        public bool IsCalled { get; set; }

        public Instant DueAt { get; set; }
    }
}
