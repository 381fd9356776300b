using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>One life of a part of a collection in memory.</summary>
internal sealed class CollectorPartLife
{
    private const int GatherPauseMs = 15;
    private const int FirstAskPauseMs = 4;
    private const int MaxAskPauseMs = 40;

    /// <summary>Few, so that there are several pages.</summary>
    private const int CountsPerPage = 2;

    private readonly World _world;
    private readonly CollectorPart _part;
    private readonly long _life;
    private readonly Dictionary<int, IReadOnlyList<ProcessId>> _listed = [];
    private readonly HashSet<(Type Kind, ProcessId Process, ProcessId Source)> _taken = [];
    private List<(Report Report, bool IsNew)> _waiting = [];
    private long _version;
    private long _answers;
    private CollectionPart<LedgerState, LedgerMessage>? _collection;
    private long _askPauseMs = FirstAskPauseMs;
    private bool _isGathering;
    private bool _isWriting;

    public CollectorPartLife(World world, CollectorPart part)
    {
        _world = world;
        _part = part;
        _life = world.NextLife();
        _version = part.Row.Version;
        foreach (var report in part.Reports) _taken.Add(KeyOf(report));
        if (part.Members is { } members && !HasEnded) Start(members);
    }

    public bool IsDead { get; private set; }

    /// <summary>What the index says: whoever told of the end may be lost.</summary>
    private bool HasEnded => _world.Office.Announcement.HasEnded(_part.Snapshot);

    public void Die() => IsDead = true;

    /// <summary>The collector asks how it stands. None while the members are not known.</summary>
    public PartAnswer? Follow()
    {
        if (_collection is null && !HasEnded && !_isGathering) Gather();
        return _collection is null ? null : new(++_answers, _collection.GetStanding());
    }

    /// <summary>Somebody is to begin: the initiator, if it is awaited.</summary>
    public void AskFirst(ProcessId initiator)
    {
        if (_collection is not { MissesLocalStates: true } collection) return;
        Ask(collection.IsAwaited(initiator) ? initiator : collection.Awaited.First());
    }

    /// <summary>A report; answered once it is stored, also if it is not new.</summary>
    public void Take(Report report)
    {
        if (HasEnded)
        {
            Confirm(report);
            return;
        }

        if (_collection is null || report.Epoch != _world.Plan.Profile.Epoch) return;
        var isNew = _taken.Add(KeyOf(report));
        _waiting.Add((report, isNew));
        if (_world.Variant.ConfirmsFirst) Confirm(report);
        WriteReports();
    }

    /// <summary>Hears from all other parts what it has not heard.</summary>
    public void Exchange()
    {
        for (var part = 0; part < _part.Partition.Count; part++)
        {
            if (part != _part.Number) Hear(part);
        }
    }

    private static (Type Kind, ProcessId Process, ProcessId Source) KeyOf(Report report) =>
        (report.GetType(), report.Process, report is ChannelReport<LedgerMessage> channel ? channel.Source : default);

    private void Start(IReadOnlyList<ProcessId> members)
    {
        _collection = new(_part.Snapshot, _world.Plan.Profile.Epoch, _part.Partition, _part.Number, _life, members);
        foreach (var report in _part.Reports) _collection.Accept(report);
        _world.Schedule.After(_askPauseMs, AskLater);
    }

    private void Hear(int from)
    {
        if (_collection is not { } collection) return;
        var heard = collection.HeardFrom(from);
        var teller = _part.Other(from);
        _world.Network.Send(new(_part.End, teller.End), () =>
        {
            if (teller.Live()?._collection is not { } told) return;
            var page = told.Tell(_part.Number, heard, CountsPerPage);
            _world.Network.Send(new(teller.End, _part.End), () => Heard(page));
        });
    }

    private void Heard(CountPage page)
    {
        if (IsDead || _collection is not { } collection || !_world.Variant.Listens(collection.HeardFrom(page.From), page)) return;
        if (collection.Hear(page)) Hear(page.From);
    }

    /// <summary>Marks the shards one by one, again until all have answered.</summary>
    private void Gather()
    {
        _isGathering = !IsDead && _collection is null && !HasEnded;
        if (!_isGathering) return;
        foreach (var shard in _world.Directory)
        {
            if (_listed.ContainsKey(shard.End)) continue;
            var announcement = _world.Office.Announcement;
            _world.Network.Send(new(_part.End, shard.End), () => shard.Mark(
                announcement, members => _world.Network.Send(new(shard.End, _part.End), () => Listed(shard, members))));
        }

        _world.Schedule.After(GatherPauseMs, Gather);
    }

    private void Listed(ShardHost shard, IReadOnlyList<ProcessId> members)
    {
        if (IsDead || _collection is not null || !_listed.TryAdd(shard.End, members) || _listed.Count < _world.Directory.Count) return;
        List<ProcessId> own = [.. _listed.Values.SelectMany(each => each).Where(each => _part.Partition.PartOf(each) == _part.Number).Order()];
        Write(() => _part.StoreMembers(own), () => Start(own));
    }

    private void AskLater()
    {
        if (IsDead || HasEnded || _collection is not { } collection) return;
        var isLast = _askPauseMs >= MaxAskPauseMs;

        // Where all have recorded, who was lost since then is woken by nobody else.
        if (collection.MissesLocalStates || (isLast && _world.Variant.AsksReceivers))
        {
            foreach (var process in collection.Awaited.ToList()) Ask(process);
        }

        _world.Schedule.After(_askPauseMs, AskLater);
        _askPauseMs = Math.Min(_askPauseMs * 2, MaxAskPauseMs);
    }

    private void Ask(ProcessId process)
    {
        var host = _world.HostOf(process);
        var announcement = _world.Office.Announcement;
        _world.Network.Send(new(_part.End, host.Number), () => host.Ask(_part.Snapshot, announcement));
    }

    private void WriteReports()
    {
        if (_isWriting || _waiting.Count == 0) return;
        var page = _waiting;
        _waiting = [];
        List<Report> news = [.. page.Where(item => item.IsNew || _world.Variant.StoresReportsTwice).Select(item => item.Report)];
        Write(() => _part.StoreReports(news), () =>
        {
            foreach (var (report, _) in page)
            {
                _collection?.Accept(report);
                Confirm(report);
            }
        });
    }

    private void Confirm(Report report)
    {
        var host = _world.HostOf(report.Process);
        _world.Network.Send(new(_part.End, host.Number), () => host.Confirm(report));
    }

    /// <summary>One write at a time; one that fails ends this life, and whoever comes next begins another.</summary>
    private void Write(Action store, Action then)
    {
        _isWriting = true;
        _world.Storage.Write(
            _part.Row,
            _version,
            store,
            isWritten =>
            {
                _isWriting = false;
                if (IsDead) return;
                if (!isWritten)
                {
                    Die();
                    return;
                }

                _version++;
                then();
                WriteReports();
            },
            () => { });
    }
}
