using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Where the index of snapshots lives: its stored row and its life.</summary>
internal sealed class IndexHost(World world)
{
    private const int CallMs = 40;
    private const int WatchMs = 50;
    private IndexLife? _life;
    private int _begun;
    private bool _isWatched;

    public MachineRow<IndexRecord> Row { get; } =
        new(Link.Office) { Value = IndexRecord.Empty with { Epoch = world.Plan.Profile.Epoch } };

    /// <summary>The highest number that is stored.</summary>
    public SnapshotNumber Newest => Row.Value?.Highest ?? default;

    private readonly Dictionary<SnapshotNumber, Epoch> _epochs = [];

    /// <summary>The epoch, as it is stored.</summary>
    public Epoch Epoch => Row.Value!.Epoch;

    /// <summary>Whether a restore closes or applies, as it is stored.</summary>
    public bool IsRestoring => Row.Value!.Restores.Any(each => each.Status is RestoreStatus.Closing or RestoreStatus.Applying);

    /// <summary>The epoch of a snapshot; <c>default</c> if its number was not given out.</summary>
    public Epoch EpochOf(SnapshotNumber snapshot) => _epochs.GetValueOrDefault(snapshot);

    /// <summary>What is told to everybody.</summary>
    public SnapshotAnnouncement Announcement => world.Variant.Announce(Live().Announcement);

    /// <summary>
    /// A client begins a snapshot, and calls again until it is answered. A timeout of 0 is a long one.
    /// </summary>
    public void Begin(ProcessId initiator, long timeoutMs)
    {
        var timeout = timeoutMs == 0 ? TimeSpan.FromHours(1) : TimeSpan.FromMilliseconds(timeoutMs);
        var request = new SnapshotRequest(new($"s-{++_begun}"), initiator, timeout);
        Retry(() => world.Call<SnapshotSummary>(
            ClientLink, answer => Live().Begin(request, answer), world.Uses, static () => { }, CallMs), () => Find(request.Id) is null);
    }

    /// <summary>A client deletes a snapshot once it has ended, unless a restore needs it.</summary>
    public void Remove(SnapshotNumber number)
    {
        if (Row.Value?.Snapshots.FirstOrDefault(each => each.Number == number) is not { Id: var id }) return;
        Retry(() => world.Call<bool>(
            ClientLink, answer => Live().Remove(id, answer), static _ => { }, static () => { }, CallMs), () => Find(id) is { } kept && !RestoreSteps.Keeps(Row.Value!, kept));
    }

    /// <summary>Whether a snapshot was dropped, and nothing of it may be left in the end.</summary>
    public bool IsDropped(SnapshotNumber number) =>
        number <= Newest && Row.Value!.Snapshots.All(each => each.Number != number);

    /// <summary>
    /// A client has the newest completed snapshot restored, or the oldest; it waits for one to be there, and calls until
    /// a restore has begun.
    /// </summary>
    public void Restore(bool isNewest, bool takesSafety)
    {
        var (begun, snapshots) = (Row.Value!.Restores.Length, Row.Value.Snapshots.Where(each => each.Status == SnapshotStatus.Completed));
        var source = isNewest ? snapshots.LastOrDefault() : snapshots.FirstOrDefault();
        if (source is null)
        {
            if (!world.Network.IsHealed) world.Schedule.After(WatchMs, () => Restore(isNewest, takesSafety));
            return;
        }

        var request = new RestoreRequest(source.Id, "a run", takesSafety);
        Retry(
            () => world.Call<bool>(ClientLink, answer => Live().Restore(request, answer), static _ => { }, static () => { }, CallMs),
            () => Row.Value!.Restores.Length == begun);
    }

    /// <summary>A client aborts the newest restore, if that can be done.</summary>
    public void AbortRestore()
    {
        if (Row.Value!.Restores.LastOrDefault() is { IsRunning: true } last) Live().AbortRestore(last.Number);
    }

    public void End(SnapshotSummary ended, Action<bool> answer) => Live().End(ended, answer);

    public void Crash() => _life?.Die();

    /// <summary>The watches of the silos ask the index now and then, which also brings it back.</summary>
    public void Watch()
    {
        if (_isWatched) return;
        _isWatched = true;
        world.Schedule.After(WatchMs, () =>
        {
            _isWatched = false;
            Live();
            var isLeft = !Announcement.Open.IsEmpty || Row.Value!.Restores.Any(each => each.IsRunning) || Row.Value!.Dropped.Any(number => world.CollectorAt(number).RowsLeft > 0);
            if (!world.Network.IsHealed || isLeft) Watch();
        });
    }

    /// <summary>What it stores now.</summary>
    public void Store(IndexRecord record)
    {
        Watch();
        record = world.Variant.Store(record);
        var (known, before) = (Newest, Row.Value!.Restores);
        Row.Value = record;
        foreach (var each in record.Snapshots) _epochs[each.Number] = each.Epoch;
        foreach (var each in record.Restores) Note(before.FirstOrDefault(restore => restore.Number == each.Number), each);
        foreach (var each in record.Snapshots.Where(each => each.Number > known))
        {
            world.Record(new SnapshotBegun<LedgerState, LedgerMessage>(each.Number) { Id = each.Id });
        }
    }

    private void Note(RestoreSummary? before, RestoreSummary restore)
    {
        if (before is null) world.Record(new RestoreBegun<LedgerState, LedgerMessage>(restore.Number));
        if (before?.ToEpoch != restore.ToEpoch && restore.ToEpoch != default)
        {
            world.Record(new RestoreCommitted<LedgerState, LedgerMessage>(restore.Number, restore.SourceNumber, restore.ToEpoch));
        }

        if (restore.IsRunning || before is { IsRunning: false }) return;
        var isCompleted = restore.Status == RestoreStatus.Completed;
        world.Record(new RestoreEnded<LedgerState, LedgerMessage>(restore.Number, isCompleted));
        world.Sightings.Add(isCompleted ? Sighting.Restores : Sighting.AbortedRestores);
        if (isCompleted && restore.Counts.Redelivered > 0) world.Sightings.Add(Sighting.RedeliveredMessages);
        if (isCompleted && before is not null) world.TellClients(restore.ToEpoch);
    }

    public IndexLife Live() => _life is { IsDead: false } life ? life : _life = new IndexLife(world, this);

    private static Link ClientLink => new(Link.Waker, Link.Office);

    private SnapshotSummary? Find(SnapshotId id) => Row.Value?.Snapshots.FirstOrDefault(each => each.Id == id);

    private void Retry(Action call, Func<bool> goesOn)
    {
        call();
        world.Schedule.After(CallMs, () =>
        {
            if (goesOn()) Retry(call, goesOn);
        });
    }
}

/// <summary>One life of the index.</summary>
internal sealed class IndexLife : MachineLife<IndexWork>
{
    private const int CallMs = 40;
    private const int MaxOpen = 16;
    private readonly IndexHost _host;
    private readonly SnapshotIndex _index;
    private long _version;

    public IndexLife(World world, IndexHost host)
        : this(world, host, new SnapshotIndex(host.Row.Value, MaxOpen, keep: 100, World.Pace, World.ShardCount, world.Now))
    {
    }

    private IndexLife(World world, IndexHost host, SnapshotIndex index)
        : base(world, index)
    {
        (_host, _index, _version) = (host, index, host.Row.Row.Version);
        index.Tick(world.Schedule.NowMs, world.Now);
        Run();
    }

    public SnapshotAnnouncement Announcement => _index.Announcement;

    public void Begin(SnapshotRequest request, Action<SnapshotSummary> answer) => Go(() =>
    {
        if (_index.Begin(request, World.Schedule.NowMs) is { } summary) AnswerWhenDurable(() => answer(summary));
    });

    public void Restore(RestoreRequest request, Action<bool> answer) => Go(() =>
    {
        if (_index.BeginRestore(request, World.Schedule.NowMs) is not null) AnswerWhenDurable(() => answer(true));
    });

    public void AbortRestore(RestoreNumber number) => Go(() => _index.AbortRestore(number, "aborted by a person", World.Now));

    public void End(SnapshotSummary ended, Action<bool> answer) => Go(() =>
    {
        _index.End(ended);
        AnswerWhenDurable(() => answer(true));
    });

    public void Remove(SnapshotId id, Action<bool> answer) => Go(() =>
    {
        if (_index.Remove(id)) AnswerWhenDurable(() => answer(true));
    });

    protected override void Do(IndexWork work)
    {
        switch (work)
        {
            case IndexWork.Write write:
                if (World.Variant.UsesNumbersFirst) _index.Completed(work, World.Now);
                World.Storage.Write(_host.Row.Row, _version++, () => _host.Store(write.Record), isWritten => Ended(work, isWritten), static () => { });
                break;
            case IndexWork.Start { Summary: var summary }:
                World.Uses(summary);
                var started = World.CollectorAt(summary.Number);
                World.Call<bool>(
                    new(Link.Office, started.End), answer => started.Start(summary, answer), isDone => Ended(work, isDone), () => Ended(work, false), CallMs);
                break;
            case IndexWork.Stop stop:
                var stopped = World.CollectorAt(stop.Summary.Number);
                World.Uses(stop.Summary);
                World.Call<bool>(
                    new(Link.Office, stopped.End),
                    answer => stopped.Stop(stop.Summary, stop.Reason, answer),
                    isDone => Ended(work, isDone),
                    () => Ended(work, false),
                    CallMs);
                break;
            case IndexWork.Verify verify:
                var source = World.CollectorAt(verify.Source.Number);
                World.Schedule.After(2, () => Go(() => _index.Verified(verify, source.FindFault(), World.Now)));
                break;
            case IndexWork.Order order:
                if (World.Variant.SkipsClosing && !order.Wanted.Applies)
                {
                    World.Schedule.After(1, () => Go(() => _index.Ordered(order, new(order.Wanted.Gate, IsDone: true, default, []), World.Now)));
                    break;
                }

                var shard = World.Directory[order.Shard];
                World.Call<ShardStanding>(
                    new(Link.Office, shard.End),
                    answer => shard.Obey(order.Wanted, answer),
                    standing => Go(() => _index.Ordered(order, standing, World.Now)),
                    () => Ended(work, false),
                    CallMs);
                break;
            case IndexWork.Delete { Snapshot: var number }:
                var dropped = World.CollectorAt(number);
                World.Call<bool>(
                    new(Link.Office, dropped.End), dropped.Delete, isDone => Ended(work, isDone), () => Ended(work, false), CallMs * 10);
                break;
            default:
                throw new InvalidOperationException($"{work} is not known");
        }
    }

    private void Ended(IndexWork work, bool isDone) => Go(() =>
    {
        if (work is IndexWork.Write && World.Variant.UsesNumbersFirst) return;
        if (isDone) _index.Completed(work, World.Now);
        else _index.Failed(work, World.Now);
    });
}
