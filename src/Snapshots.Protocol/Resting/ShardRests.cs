using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// What a directory shard knows of processes at rest: of each the last rest, and its report while that lasts. It answers
/// snapshots for them, so that a process at rest is neither asked, nor activated, nor written.
/// </summary>
/// <remarks>
/// <code>
/// input             known of the process            what happens
/// ----------------  ------------------------------  ------------------------------------------------------------
/// rests m, report   nothing, or a rest before m     stored; then answered
/// rests m, report   m, or a later rest              nothing: it comes late; answered
/// awake m           a later rest than m             nothing: a stale activation asks; answered as below
/// awake m           anything else                   "awake after m" is stored. Then the rows are verified, as for a
///                                                   mark; then the index is asked what is open; then answered
/// </code>
/// <para>
/// Why it is safe. A snapshot s is open at the index before any shard is marked with it. (1) A process at rest is awake
/// before the mark: its report is gone from the shard that answers the mark, and it is asked. (2) It is awake after the
/// mark: the index was asked after that, so it records s before its first step, with the very state and counts that were
/// handed out. What a stale activation of the shard hands out was verified at the mark: a process that another activation
/// has let be awake was so after it.
/// </para>
/// <para>
/// The rows are read when the activation has stored its fence. An earlier activation that stores "awake" after that finds
/// at its verification that it is stale, and does not answer.
/// </para>
/// </remarks>
internal sealed class ShardRests
{
    /// <summary>Processes of one row: less than of a page, since an entry has a state and is written often.</summary>
    public const int ProcessesPerRow = 32;

    private readonly List<SortedDictionary<ProcessId, RestEntry>> _rows = [];

    /// <summary>The rows as they are stored, with their sums in the last epoch in which these were asked for.</summary>
    private readonly List<(RestRow Row, Epoch Epoch, RestSums Sums)> _stored = [];
    private readonly SortedSet<int> _changed = [];
    private long _changes;
    private long _awakes;

    /// <summary>Whether the stored rows are known.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Whether rows are to be written.</summary>
    public bool IsChanged => _changed.Count > 0 || StoredAwakes < _awakes;

    /// <summary>The changes that are stored.</summary>
    public long StoredChanges { get; private set; }

    /// <summary>Whether "awake" was stored, and whether this activation is stale was not looked at since.</summary>
    public bool IsUnverified => VerifiedAwakes < StoredAwakes;

    /// <summary>Whether the index is to be asked for those that are verified.</summary>
    public bool MustAsk => AnsweredAwakes < VerifiedAwakes;

    /// <summary>The ends of rests that may be answered.</summary>
    public long AnsweredAwakes { get; private set; }

    /// <summary>The ends of rests that are stored.</summary>
    public long StoredAwakes { get; private set; }

    /// <summary>The ends of rests that were stored by an activation that was not stale then.</summary>
    public long VerifiedAwakes { get; private set; }

    /// <summary>How many rows so many processes have.</summary>
    public static int RowsOf(int processes) => (processes + ProcessesPerRow - 1) / ProcessesPerRow;

    public void Load(IReadOnlyDictionary<int, RestRow> rows)
    {
        foreach (var (number, row) in rows)
        {
            foreach (var entry in row.Entries) RowAt(number)[entry.Process] = entry;
            Keep(number, row);
        }

        IsLoaded = true;
    }

    /// <summary>Returns the number of changes that must be stored before the answer.</summary>
    public long Rest(int place, RestEntry entry)
    {
        if (Find(place, entry.Process) is { } known && entry.Mark <= known.Mark) return _changes;
        return Change(place, entry);
    }

    /// <summary>Returns the number of ends of rests that must be answered before this one is.</summary>
    public long Awake(int place, ProcessId process, RestMark mark)
    {
        var known = Find(place, process);
        if (known is null || known.Mark < mark || (known.Mark == mark && known.Report is not null))
        {
            Change(place, new(process, mark, Report: null));
        }

        return ++_awakes;
    }

    /// <summary>How it stands, as it is stored.</summary>
    public RestView View(List<ProcessId> processes, int members, ProcessId first, Epoch epoch)
    {
        var (awake, sums) = (ImmutableArray.CreateBuilder<ProcessId>(), default(RestSums));
        var rows = ImmutableArray.CreateBuilder<RestRow?>(RowsOf(members));
        for (var number = 0; number < rows.Capacity; number++)
        {
            var (row, ofRow) = number < _stored.Count ? StoredAt(number, epoch) : (Nobody, default);
            rows.Add(ofRow.Processes > 0 ? row : null);
            sums += ofRow;
            var size = Math.Min(ProcessesPerRow, members - (number * ProcessesPerRow));
            if (ofRow.Processes == size) continue;
            var atRest = row.Entries.Where(entry => entry.IsAtRestIn(epoch)).Select(entry => entry.Process).ToHashSet();
            awake.AddRange(processes.GetRange(number * ProcessesPerRow, size).Where(process => !atRest.Contains(process)));
        }

        return new(epoch, members, first, awake.DrainToImmutable(), sums, rows.DrainToImmutable());
    }

    /// <summary>Takes the rows that have changed.</summary>
    public (ImmutableArray<(int Number, RestRow Row)> Rows, long Changes, long Awakes) TakeChange()
    {
        ImmutableArray<(int, RestRow)> rows = [.. _changed.Select(number => (number, new RestRow([.. RowAt(number).Values])
        {
            Version = (number < _stored.Count ? _stored[number].Row.Version : 0) + 1,
        }))];
        _changed.Clear();
        return (rows, _changes, _awakes);
    }

    public void Stored(ImmutableArray<(int Number, RestRow Row)> rows, long changes, long awakes)
    {
        foreach (var (number, row) in rows) Keep(number, row);
        (StoredChanges, StoredAwakes) = (changes, awakes);
    }

    /// <summary>No other activation has written, as far as that end of a rest.</summary>
    public void Verified(long awakes) => VerifiedAwakes = awakes;

    /// <summary>The index has answered a question that began when so many were verified.</summary>
    public void Asked(long awakes) => AnsweredAwakes = awakes;

    private static RestRow Nobody { get; } = new([]);

    private void Keep(int number, RestRow row)
    {
        while (_stored.Count <= number) _stored.Add((Nobody, default, default));
        _stored[number] = (row, default, default);
    }

    private (RestRow Row, RestSums Sums) StoredAt(int number, Epoch epoch)
    {
        var (row, summedIn, sums) = _stored[number];
        if (summedIn == epoch) return (row, sums);
        sums = row.Entries.Where(entry => entry.IsAtRestIn(epoch)).Aggregate(default(RestSums), (sum, entry) => sum + RestSums.Of(entry.Report!));
        _stored[number] = (row, epoch, sums);
        return (row, sums);
    }

    private long Change(int place, RestEntry entry)
    {
        var number = place / ProcessesPerRow;
        RowAt(number)[entry.Process] = entry;
        _changed.Add(number);
        return ++_changes;
    }

    private RestEntry? Find(int place, ProcessId process) =>
        place / ProcessesPerRow < _rows.Count ? _rows[place / ProcessesPerRow].GetValueOrDefault(process) : null;

    private SortedDictionary<ProcessId, RestEntry> RowAt(int number)
    {
        while (_rows.Count <= number) _rows.Add([]);
        return _rows[number];
    }
}
