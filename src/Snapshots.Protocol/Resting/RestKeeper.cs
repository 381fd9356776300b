using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// Keeps the reports of a directory shard's processes at rest for snapshots. Rows that have not changed since the snapshot
/// before are not copied again: what a snapshot writes grows with what has changed, and a row is deleted with the last
/// snapshot that refers to it.
/// </summary>
/// <remarks>
/// <code>
/// to keep    mark the shard, and view its rests; nobody at rest: nothing is stored
///            ask the index: the snapshot may have ended and be dropped before this request came
///            number n is stored as begun; then the list of rows; then copies of the rows that differ from the
///            list before, under n; then n is stored as kept, and answered
/// to drop    n is stored as dropping; then the copies are deleted that are in the list of n, and in neither of the
///            lists before and after; then the list; then n itself
/// </code>
/// <para>
/// Why the two neighbours are enough: a list shares copies with the list before it alone, so the lists that refer to one
/// copy follow one another.
/// </para>
/// <para>
/// A copy that is damaged would be in every later snapshot. So each list has one row in <see cref="RowsPerFreshCopy"/>
/// copied again whether it has changed or not, in turn.
/// </para>
/// <para>
/// Crashes: what is begun or being dropped is dropped first by the next life. So a number is either kept with all its
/// copies, or dropped. Stale lives: no copy is made or deleted before the record was written, which fails for one of two
/// lives; and no number is used twice, so that a deletion that comes late finds no newer copy under its name. A life that
/// has nothing to drop writes its record once: then an earlier one, which may just begin to keep, fails.
/// </para>
/// <para>
/// What stays although nobody refers to it: the list or the copies of a life that was cut off, if they are written after
/// its successor has dropped their number; and what a damaged list, or one beside it, may refer to.
/// </para>
/// <para>One request at a time. A write that fails ends the machine. Not safe for concurrent use.</para>
/// </remarks>
public sealed class RestKeeper : IStateMachine<KeeperWork>
{
    /// <summary>After so many snapshots no copy is shared any longer.</summary>
    internal const int RowsPerFreshCopy = 128;

    /// <summary>Rows that are copied at the same time, in one answer of the shard: 512 reports of at most 64 KiB.</summary>
    internal const int RowsAtATime = 16;

    /// <summary>Copies that are deleted at the same time.</summary>
    internal const int ClearsAtATime = 64;

    /// <summary>Answers that are remembered; one that is not is read again.</summary>
    private const int MaxAnswers = 8;

    private readonly Queue<Request> _requests = new();
    private readonly Dictionary<SnapshotNumber, KeptRests> _answers = [];
    private readonly Queue<SnapshotNumber> _answered = new();
    private KeeperRecord _record;
    private IEnumerator<KeeperWork>? _steps;
    private bool _isUnderWay;
    private bool _hasWritten;
    private SnapshotAnnouncement? _looked;
    private (long Id, RestView View)? _view;
    private KeptRests? _read;
    private long? _copiedBytes;

    /// <summary>Starts a life with what is stored.</summary>
    public RestKeeper(KeeperRecord stored) => _record = stored;

    /// <inheritdoc/>
    public long Revision { get; private set; }

    /// <inheritdoc/>
    public long DurableRevision { get; private set; }

    /// <inheritdoc/>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public Instant? DueAt => null;

    /// <summary>
    /// Keeps the rests for a snapshot; again is harmless. When that is durable, <see cref="Find"/> has the answer, or none if
    /// the shard could not be reached, is in another epoch, or the snapshot has ended.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="epoch">Its epoch; while the shard is in another one there is no answer.</param>
    /// <param name="announcement">What the shard is marked with.</param>
    public void Keep(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        Add(new(snapshot, epoch, announcement));
    }

    /// <summary>Deletes what no other snapshot refers to; again is harmless.</summary>
    public void Drop(SnapshotNumber snapshot) => Add(new(snapshot, default, SnapshotAnnouncement.None) { IsDrop = true });

    /// <summary>What is kept for a snapshot; none if that is not known now.</summary>
    public KeptRests? Find(SnapshotNumber snapshot) => _answers.GetValueOrDefault(snapshot);

    /// <inheritdoc/>
    public KeeperWork? TakeWork(Instant now)
    {
        if (IsOver || _isUnderWay) return null;
        while (true) // Ends: each turn takes a request, or returns.
        {
            if (_steps is null)
            {
                if (!_requests.TryDequeue(out var request)) return null;
                _steps = (request.IsDrop ? DropSteps(request.Snapshot) : KeepSteps(request)).GetEnumerator();
            }

            if (_steps.MoveNext())
            {
                _isUnderWay = true;
                return _steps.Current;
            }

            _steps.Dispose();
            _steps = null;
            DurableRevision++;
        }
    }

    /// <summary>The shard is marked.</summary>
    /// <param name="id">Names the view at the shard, where its rows can be had.</param>
    /// <param name="view">The view; its rows need no entries.</param>
    public void Marked(long id, RestView view)
    {
        _view = (id, view);
        _isUnderWay = false;
    }

    /// <summary>The index has answered.</summary>
    public void Looked(SnapshotAnnouncement announcement)
    {
        _looked = announcement;
        _isUnderWay = false;
    }

    /// <summary>Rows are copied, which take so many bytes.</summary>
    public void Copied(long bytes)
    {
        _copiedBytes = bytes;
        _isUnderWay = false;
    }

    /// <summary>What is kept under a number was read; none if it does not exist or is damaged.</summary>
    public void Read(KeptRests? kept)
    {
        _read = kept;
        _isUnderWay = false;
    }

    /// <summary>A piece of work is done that has no answer.</summary>
    public void Completed(KeeperWork work)
    {
        if (work is KeeperWork.Write write) (_record, _hasWritten) = (write.Record, true);
        _isUnderWay = false;
    }

    /// <summary>A piece of work has failed: a call ends its request, anything else this life.</summary>
    public void Failed(KeeperWork work)
    {
        _isUnderWay = false;
        if (work is not (KeeperWork.Mark or KeeperWork.Look or KeeperWork.Copy)) IsOver = true;
    }

    private void Add(Request request)
    {
        if (IsOver) throw new InvalidOperationException("a write of the keeper has failed: it starts again from what is stored");
        _requests.Enqueue(request);
        Revision++;
    }

    private IEnumerable<KeeperWork> KeepSteps(Request request)
    {
        var snapshot = request.Snapshot;
        if (_record.Of(snapshot) is { Status: KeepStatus.Kept } known)
        {
            if (_answers.ContainsKey(snapshot)) yield break;
            yield return new KeeperWork.ReadKept(known.Number);
            if (TakeRead() is { } stored)
            {
                Answer(snapshot, stored with { Bytes = known.Bytes });
                yield break;
            }

            foreach (var step in DropSteps(snapshot)) yield return step; // Its list is damaged: it is made again.
        }

        foreach (var step in Clean()) yield return step;
        yield return new KeeperWork.Mark(request.Announcement);
        if (TakeView() is not var (id, view) || view.Epoch != request.Epoch) yield break;
        if (view.Sums.Processes == 0)
        {
            Answer(snapshot, new(0, view.Epoch, view.First, view.Awake, default, []));
            yield break;
        }

        yield return new KeeperWork.Look();
        if (TakeLooked() is not { } announcement || announcement.HasEnded(snapshot)) yield break;
        if (_record.Keeps.LastOrDefault() is { } newest) yield return new KeeperWork.ReadKept(newest.Number);
        var number = _record.Last + 1;
        var rows = Rows(view.Versions, TakeRead()?.Rows ?? [], number);
        var kept = new KeptRests(number, view.Epoch, view.First, view.Awake, view.Sums, rows);
        yield return new KeeperWork.Write(_record.With(new(snapshot, number, KeepStatus.Begun, Bytes: 0)));
        yield return new KeeperWork.WriteKept(kept);
        var bytes = 0L;
        foreach (var some in Enumerable.Range(0, rows.Length).Where(row => rows[row].Copy == number).Chunk(RowsAtATime))
        {
            yield return new KeeperWork.Copy(id, number, [.. some]);
            if (TakeCopied() is not { } copied) yield break;
            bytes += copied;
        }

        yield return new KeeperWork.Write(_record.With(new(snapshot, number, KeepStatus.Kept, bytes)));
        Answer(snapshot, kept with { Bytes = bytes });
    }

    /// <summary>Drops what an earlier life, or a shard that was not reached, has left unfinished.</summary>
    private IEnumerable<KeeperWork> Clean() =>
        _record.Keeps.Where(keep => keep.Status != KeepStatus.Kept).SelectMany(keep => DropSteps(keep.Snapshot));

    private IEnumerable<KeeperWork> DropSteps(SnapshotNumber snapshot)
    {
        _answers.Remove(snapshot);
        if (_record.Of(snapshot) is not { } keep)
        {
            if (!_hasWritten) yield return new KeeperWork.Write(_record);
            yield break;
        }

        yield return new KeeperWork.Write(_record.With(keep with { Status = KeepStatus.Dropping }));
        var place = _record.Keeps.IndexOf(_record.Of(snapshot)!);
        RestKeep?[] neighbours =
        [
            _record.Keeps[..place].LastOrDefault(each => each.Status == KeepStatus.Kept),
            _record.Keeps[(place + 1)..].FirstOrDefault(each => each.Status == KeepStatus.Kept),
        ];
        yield return new KeeperWork.ReadKept(keep.Number);
        var free = Copies(TakeRead());
        foreach (var neighbour in neighbours)
        {
            if (neighbour is null || free.Count == 0) continue;
            yield return new KeeperWork.ReadKept(neighbour.Number);
            if (TakeRead() is { } other) free.ExceptWith(Copies(other));
            else free.Clear(); // It is damaged: what it refers to is not known, and stays.
        }

        foreach (var some in free.Order().Chunk(ClearsAtATime)) yield return new KeeperWork.ClearCopies([.. some]);
        yield return new KeeperWork.ClearKept(keep.Number);
        yield return new KeeperWork.Write(_record.Without(snapshot));
    }

    private static HashSet<(int Row, long Copy)> Copies(KeptRests? kept) => kept is null
        ? []
        : [.. kept.Rows.Select((row, number) => (number, row.Copy)).Where(copy => copy.Copy > 0)];

    /// <summary>Where the rows are kept: copied again, or shared with the list before.</summary>
    private static ImmutableArray<KeptRow> Rows(ImmutableArray<long> versions, ImmutableArray<KeptRow> before, long number)
    {
        var rows = ImmutableArray.CreateBuilder<KeptRow>(versions.Length);
        for (var row = 0; row < versions.Length; row++)
        {
            var known = row < before.Length ? before[row] : default;
            var isShared = versions[row] == known.Version && (row + number) % RowsPerFreshCopy != 0;
            rows.Add(versions[row] == 0 ? default : isShared ? known : new(versions[row], number));
        }

        return rows.DrainToImmutable();
    }

    private (long Id, RestView View)? TakeView()
    {
        var view = _view;
        _view = null;
        return view;
    }

    private SnapshotAnnouncement? TakeLooked()
    {
        var looked = _looked;
        _looked = null;
        return looked;
    }

    private KeptRests? TakeRead()
    {
        var read = _read;
        _read = null;
        return read;
    }

    private long? TakeCopied()
    {
        var bytes = _copiedBytes;
        _copiedBytes = null;
        return bytes;
    }

    private void Answer(SnapshotNumber snapshot, KeptRests kept)
    {
        if (_answers.TryAdd(snapshot, kept)) _answered.Enqueue(snapshot);
        else _answers[snapshot] = kept;
        while (_answered.Count > MaxAnswers) _answers.Remove(_answered.Dequeue());
    }

    private readonly record struct Request(SnapshotNumber Snapshot, Epoch Epoch, SnapshotAnnouncement Announcement)
    {
        public bool IsDrop { get; init; }
    }
}
