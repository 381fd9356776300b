using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Where the keeper of a directory shard's rests lives: its stored rows and its lives. For a time there may be two, and then
/// chance decides which one a call reaches.
/// </summary>
internal sealed class KeeperHost(World world, ShardHost shard)
{
    private const int FirstRow = 20_000;
    private const int RowsOfKeeper = 10_000;
    private readonly SortedDictionary<long, MachineRow<KeptRests>> _kept = [];
    private readonly SortedDictionary<(int Row, long Copy), MachineRow<RestRow>> _copies = [];
    private KeeperLife? _life;
    private KeeperLife? _elder;
    private int _calls;
    private int _rows;

    public ShardHost Shard { get; } = shard;

    public int End { get; } = Link.FirstKeeper + shard.Number;

    public MachineRow<KeeperRecord> Record { get; } = new(FirstRow + (RowsOfKeeper * shard.Number));

    /// <summary>Whether a life was ever cut off: what it had under way may be left behind.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>What is stored that nothing of what is kept refers to.</summary>
    public int Unreferenced
    {
        get
        {
            var keeps = Record.Value?.Keeps ?? [];
            var lists = keeps.Select(keep => Kept(keep.Number)).OfType<KeptRests>().ToList();
            var copies = lists.SelectMany(list => list.Rows.Select((row, number) => (number, row.Copy))).ToHashSet();
            return _copies.Count(copy => copy.Value.Value is not null && !copies.Contains(copy.Key))
                + _kept.Count(each => each.Value.Value is not null && keeps.All(keep => keep.Number != each.Key));
        }
    }

    public KeptRests? Kept(long number) => _kept.TryGetValue(number, out var row) ? row.Value : null;

    public MachineRow<KeptRests> KeptAt(long number)
    {
        if (!_kept.TryGetValue(number, out var row)) _kept.Add(number, row = NewRow<KeptRests>());
        return row;
    }

    public MachineRow<RestRow> CopyAt(int row, long copy)
    {
        if (!_copies.TryGetValue((row, copy), out var stored)) _copies.Add((row, copy), stored = NewRow<RestRow>());
        return stored;
    }

    /// <summary>What is kept under a number, for a snapshot.</summary>
    public IEnumerable<LocalReport<LedgerState>> ReportsOf(long number, SnapshotNumber snapshot)
    {
        if (Kept(number) is not { } kept) return [];
        return kept.Rows
            .Select((row, place) => row.Copy > 0 && _copies.TryGetValue((place, row.Copy), out var copy) ? copy.Value : null)
            .OfType<RestRow>()
            .SelectMany(row => row.Entries)
            .Where(entry => entry.IsAtRestIn(kept.Epoch))
            .Select(entry => (LocalReport<LedgerState>)entry.Report! with { Snapshot = snapshot });
    }

    public void Keep(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement, Action<KeptRests> answer) =>
        Live().Keep(snapshot, epoch, announcement, answer);

    public void Drop(SnapshotNumber snapshot, Action<bool> answer) => Live().Drop(snapshot, answer);

    public void Crash()
    {
        WasCutOff = true;
        _elder?.Die();
        _life?.Die();
        (_life, _elder) = (null, null);
    }

    /// <summary>A second activation starts from what is stored; the first does not know.</summary>
    public void Duplicate()
    {
        if (_life is not { IsDead: false }) return;
        WasCutOff = true;
        _elder?.Die();
        (_elder, _life) = (_life, null);
    }

    public void Heal() => _elder?.Die();

    /// <summary>A life has ended by itself.</summary>
    public void Ended() => WasCutOff = true;

    private KeeperLife Live()
    {
        if (_elder is { IsDead: false } && _calls++ % 2 == 0) return _elder;
        if (_life is null or { IsDead: true }) _life = new(world, this);
        return _life;
    }

    private MachineRow<T> NewRow<T>()
        where T : class => new(FirstRow + (RowsOfKeeper * Shard.Number) + ++_rows);
}

/// <summary>One life of a keeper.</summary>
internal sealed class KeeperLife : MachineLife<KeeperWork>
{
    private const int CallMs = 40;
    private readonly KeeperHost _host;
    private readonly RestKeeper _keeper;
    private long _version;

    public KeeperLife(World world, KeeperHost host)
        : this(world, host, new RestKeeper(host.Record.Value ?? KeeperRecord.Empty))
    {
    }

    private KeeperLife(World world, KeeperHost host, RestKeeper keeper)
        : base(world, keeper)
    {
        (_host, _keeper, _version) = (host, keeper, host.Record.Row.Version);
        Run();
    }

    public void Keep(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement, Action<KeptRests> answer) => Go(() =>
    {
        _keeper.Keep(snapshot, epoch, announcement);
        AnswerWhenDurable(() =>
        {
            if (_keeper.Find(snapshot) is { } kept) answer(kept);
        });
    });

    public void Drop(SnapshotNumber snapshot, Action<bool> answer) => Go(() =>
    {
        _keeper.Drop(snapshot);
        AnswerWhenDurable(() => answer(true));
    });

    protected override void Stepped()
    {
        if (_keeper.IsOver) _host.Ended();
    }

    protected override void Do(KeeperWork work)
    {
        switch (work)
        {
            case KeeperWork.Mark mark:
                World.Call<(long Id, RestView View)>(
                    new(_host.End, _host.Shard.End),
                    answer => _host.Shard.Mark(mark.Announcement, answer),
                    marked => Go(() => _keeper.Marked(marked.Id, marked.View)),
                    () => Go(() => _keeper.Failed(work)),
                    CallMs);
                break;
            case KeeperWork.Look:
                World.Call<SnapshotAnnouncement>(
                    new(_host.End, Link.Office),
                    answer => answer(World.Office.Announcement),
                    announcement => Go(() => _keeper.Looked(announcement)),
                    () => Go(() => _keeper.Failed(work)),
                    CallMs);
                break;
            case KeeperWork.Copy copy:
                World.Call<ImmutableArray<RestRow>>(
                    new(_host.End, _host.Shard.End),
                    answer => _host.Shard.ReadRests(copy.View, copy.Rows, answer),
                    rows => Go(() => Store(copy, rows)),
                    () => Go(() => _keeper.Failed(work)),
                    CallMs);
                break;
            case KeeperWork.ReadKept read:
                World.Schedule.After(1, () => Go(() => _keeper.Read(Read(read.Number))));
                break;
            case KeeperWork.Write write:
                World.Storage.Write(_host.Record.Row, _version++, () => Store(write.Record), isWritten => Ended(work, isWritten), static () => { });
                break;
            case KeeperWork.WriteKept write:
                Write(work, [(_host.KeptAt(write.Kept.Number), write.Kept)]);
                break;
            case KeeperWork.ClearCopies clear:
                Write(work, [.. clear.Copies.Select(copy => (_host.CopyAt(copy.Row, copy.Copy), default(RestRow)))]);
                break;
            case KeeperWork.ClearKept clear:
                Write(work, [(_host.KeptAt(clear.Number), default(KeptRests))]);
                break;
            default:
                throw new InvalidOperationException($"{work} is not known");
        }
    }

    private void Store(KeeperWork.Copy work, ImmutableArray<RestRow> rows)
    {
        if (World.Variant.LosesCopies) _keeper.Copied(0);
        else Write(work, [.. rows.Select((row, place) => (_host.CopyAt(work.Rows[place], work.Number), (RestRow?)row))]);
    }

    /// <summary>What is kept for a snapshot is there now: its processes at rest have cut.</summary>
    private void Store(KeeperRecord record)
    {
        var before = _host.Record.Value;
        _host.Record.Value = record;
        foreach (var keep in record.Keeps.Where(keep => keep.Status == KeepStatus.Kept && before?.Of(keep.Snapshot) != keep))
        {
            foreach (var report in _host.ReportsOf(keep.Number, keep.Snapshot)) World.Rests.Hand(report);
            if (_host.Kept(keep.Number)!.Rows.Any(row => row.Copy > 0 && row.Copy < keep.Number)) World.Sightings.Add(Sighting.SharedRests);
        }
    }

    private KeptRests? Read(long number)
    {
        var kept = _host.Kept(number);
        var isNeighbour = _host.Record.Value!.Keeps.Any(keep => keep.Status == KeepStatus.Dropping && keep.Number != number);
        return kept is not null && isNeighbour && World.Variant.FreesShared ? kept with { Rows = [] } : kept;
    }

    /// <summary>Each row may fail alone.</summary>
    private void Write<T>(KeeperWork work, (MachineRow<T> Row, T? Content)[] rows)
        where T : class
    {
        var (left, isStored) = (rows.Length, true);
        foreach (var (row, content) in rows)
        {
            World.Storage.Write(
                row.Row,
                row.Row.Version,
                () => row.Value = content,
                isWritten =>
                {
                    isStored &= isWritten;
                    if (--left == 0) Ended(work, isStored);
                },
                static () => { });
        }
    }

    private void Ended(KeeperWork work, bool isDone) => Go(() =>
    {
        if (!isDone)
        {
            _host.Ended();
            _keeper.Failed(work);
        }
        else if (work is KeeperWork.Copy) _keeper.Copied(0);
        else _keeper.Completed(work);
    });
}
