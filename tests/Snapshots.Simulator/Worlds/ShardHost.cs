using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Where a directory shard lives: its stored rows and its activations. For a time there may be two, and then chance
/// decides which one a call reaches, and the storage which one may go on.
/// </summary>
internal sealed class ShardHost(World world, int number)
{
    private const int RestartMs = 3;
    private readonly Dictionary<int, ShardPage> _pages = [];
    private readonly Dictionary<int, RegistryRow> _registry = [];
    private readonly Dictionary<int, RestRow> _rests = [];
    private ShardHead? _head;
    private ShardActivation? _current;
    private ShardActivation? _elder;
    private long _downUntilMs;
    private int _calls;

    public int Number => number;

    public int End { get; } = Link.FirstShard + number;

    public StoredRow PagesRow { get; } = new(Link.FirstShard + number);

    public StoredRow RegistryRow { get; } = new(Link.FirstShard + World.ShardCount + number);

    public StoredRow HeadRow { get; } = new(Link.FirstShard + (2 * World.ShardCount) + number);

    /// <summary>One row for all processes at rest: what is read with it must not have changed when it is written.</summary>
    public StoredRow RestsRow { get; } = new(Link.FirstShard + (3 * World.ShardCount) + number);

    public IReadOnlyDictionary<int, RestRow> Rests => _rests;

    /// <summary>Stores processes that registered before the run.</summary>
    public void Settle(ImmutableArray<ProcessId> processes)
    {
        if (!processes.IsEmpty) _pages[0] = new("ledger", processes);
    }

    /// <summary>Makes the state machine of what is stored.</summary>
    public DirectoryShard Load() =>
        new(world.Shards, number, [.. _pages.OrderBy(pair => pair.Key).Select(pair => pair.Value)], _registry.ToDictionary(), _head);

    public void Store(ShardHead head) => _head = head;

    public void Store(ImmutableArray<(int Number, ShardPage Page)> pages)
    {
        foreach (var (page, content) in pages) _pages[page] = content;
    }

    public void Store(ImmutableArray<(int Number, RegistryRow Row)> rows)
    {
        foreach (var (row, content) in rows) _registry[row] = content;
    }

    public void Store(ImmutableArray<(int Number, RestRow Row)> rows)
    {
        foreach (var (row, content) in rows) _rests[row] = content;
    }

    public void Rest(RestEntry entry, Action<bool> answer) => Live()?.Rest(entry, answer);

    public void Awake(ProcessId process, RestMark mark, Action<SnapshotAnnouncement> answer) => Live()?.Awake(process, mark, answer);

    public void IsRegistered(ProcessId process, Action<bool> answer) => Live()?.IsRegistered(process, answer);

    public void Register(ProcessId process, Action<(Epoch Epoch, SnapshotAnnouncement Announcement)> answer) =>
        Live()?.Register(process, answer);

    public void GetGate(Action<Gate> answer) => Live()?.GetGate(answer);

    public void Obey(ShardOrder order, Action<ShardStanding> answer) => Live()?.Obey(order, answer);

    public void Note(WorkNote note, Action<bool> answer) => Live()?.Note(note, answer);

    public void WakeAll(long membership, Action<bool> answer) => Live()?.WakeAll(membership, answer);

    public void Mark(SnapshotAnnouncement announcement, Action<(long Id, RestView View)> answer) => Live()?.Mark(announcement, answer);

    /// <summary>Rows of a view; only the activation that has shown it knows it.</summary>
    public void ReadRests(long view, ImmutableArray<int> rows, Action<ImmutableArray<RestRow>> answer) => Live()?.ReadRests(view, rows, answer);

    /// <summary>The rows of rests in which processes are.</summary>
    public void RestRowsOf(ImmutableArray<ProcessId> processes, Action<ImmutableArray<int>> answer) => Live()?.RestRowsOf(processes, answer);

    /// <summary>The shard is lost with its silo; after that time it can be reached again.</summary>
    public void Crash(long downMs)
    {
        _elder?.Die();
        _current?.Die();
        (_current, _elder) = (null, null);
        _downUntilMs = world.Schedule.NowMs + downMs;
        world.Sightings.Add(Sighting.LostShards);
        if (world.Office.IsRestoring) world.Sightings.Add(Sighting.CrashesInsideRestores);
        world.Schedule.At(_downUntilMs, world.LoseSilo); // The Waker of a silo asks until it is answered.
    }

    /// <summary>A second activation starts from what is stored; the first does not know.</summary>
    public void Duplicate()
    {
        if (_current is not { IsDead: false }) return;
        _elder?.Die();
        (_elder, _current) = (_current, null);
        Live();
    }

    /// <summary>An activation could not write and ends; the next one is started, since wake-ups may be left.</summary>
    public void Lost() => world.Schedule.After(RestartMs, () => Live());

    /// <summary>Ends a second activation. Says whether there was one: its silo is lost then.</summary>
    public bool Heal()
    {
        var hasElder = _elder is { IsDead: false };
        _elder?.Die();
        (_elder, _downUntilMs) = (null, 0);
        return hasElder;
    }

    private ShardActivation? Live()
    {
        if (world.Schedule.NowMs < _downUntilMs) return null;
        if (_elder is { IsDead: true }) _elder = null;
        if (_elder is not null && _calls++ % 2 == 0) return _elder;
        if (_current is null or { IsDead: true }) _current = new ShardActivation(world, this);
        return _current;
    }
}

/// <summary>
/// One life of a directory shard in memory. A call that comes before it has begun is lost, and repeated by its caller.
/// </summary>
internal sealed class ShardActivation
{
    private const int AnswerMs = 30;
    private readonly World _world;
    private readonly ShardHost _host;
    private readonly DirectoryShard _shard;
    private readonly List<(long Revision, Action Answer)> _registering = [];
    private readonly List<(long Revision, Action Answer)> _noting = [];
    private readonly List<(long Revision, Action Answer)> _marking = [];
    private readonly List<(long Revision, Action Answer)> _resting = [];
    private readonly List<(long Revision, Action Answer)> _waking = [];
    private readonly Dictionary<long, RestView> _views = [];
    private long _restsVersion;
    private long _pagesVersion;
    private long _registryVersion;
    private long _headVersion;

    public ShardActivation(World world, ShardHost host)
    {
        (_world, _host) = (world, host);
        (_pagesVersion, _registryVersion, _headVersion) = (host.PagesRow.Version, host.RegistryRow.Version, host.HeadRow.Version);
        _shard = host.Load();
        Run();
    }

    public bool IsDead { get; private set; }

    public void Die() => IsDead = true;

    public void IsRegistered(ProcessId process, Action<bool> answer)
    {
        if (!_shard.HasBegun) return;
        _marking.Add((_shard.IsRegistered(process) ? 0 : _shard.Verify(), Answer));
        Run();

        void Answer()
        {
            if (_shard.Admits(process)) answer(_shard.IsRegistered(process));
        }
    }

    public void Register(ProcessId process, Action<(Epoch Epoch, SnapshotAnnouncement Announcement)> answer)
    {
        if (!_shard.HasBegun) return;
        if (_shard.Register(process, "ledger") is not { } registrations)
        {
            if (_world.Variant.AdmitsStrangers) answer((_shard.Gate.Epoch, _shard.Announcement));
            return;
        }

        _registering.Add((registrations, Answer));
        Run();

        void Answer()
        {
            if (_shard.Admits(process)) answer((_shard.Gate.Epoch, _shard.Announcement));
        }
    }

    public void GetGate(Action<Gate> answer)
    {
        if (_shard.HasBegun) answer(_shard.Gate);
    }

    public void Obey(ShardOrder order, Action<ShardStanding> answer)
    {
        if (!_shard.HasBegun) return;
        _shard.Obey(order);
        answer(_world.Variant.Arrive(_shard.Standing));
        Run();
    }

    public void Note(WorkNote note, Action<bool> answer)
    {
        if (!_shard.HasBegun) return;
        _noting.Add((_shard.Note(note), () => answer(true)));
        Run();
    }

    public void WakeAll(long membership, Action<bool> answer)
    {
        if (!_shard.HasBegun) return;
        _shard.WakeAll(membership, _world.Now);
        answer(true);
        Run();
    }

    public void Rest(RestEntry entry, Action<bool> answer)
    {
        if (!_shard.HasBegun || _shard.Rest(entry) is not { } changes) return;
        _resting.Add((changes, () => answer(true)));
        Run();
    }

    public void Awake(ProcessId process, RestMark mark, Action<SnapshotAnnouncement> answer)
    {
        if (!_shard.HasBegun || !_shard.IsOpenIn(mark.Epoch)) return;
        if (_world.Variant.WakesUnasked) answer(_shard.Announcement);
        var ended = _world.Variant.KeepsReports ? mark with { Generation = mark.Generation - 1 } : mark;
        if (_shard.Awake(process, ended) is not { } awakes) return;
        _waking.Add((awakes, () =>
        {
            if (_shard.IsOpenIn(mark.Epoch)) answer(_shard.Announcement);
        }
        ));
        Run();
    }

    public void ReadRests(long view, ImmutableArray<int> rows, Action<ImmutableArray<RestRow>> answer)
    {
        if (_views.TryGetValue(view, out var known)) answer([.. rows.Select(row => known.Rows[row]!)]);
    }

    public void RestRowsOf(ImmutableArray<ProcessId> processes, Action<ImmutableArray<int>> answer)
    {
        if (!_shard.HasBegun) return;
        _marking.Add((_shard.RestRowsOf(processes).Any(row => row < 0) ? _shard.Verify() : 0, () => answer(_shard.RestRowsOf(processes))));
        Run();
    }

    public void Mark(SnapshotAnnouncement announcement, Action<(long Id, RestView View)> answer)
    {
        if (!_shard.HasBegun) return;
        _marking.Add((_shard.Mark(announcement), List));
        Run();

        void List()
        {
            var members = _shard.List(0, _shard.StoredProcesses);
            _world.Record(new ShardMarked<LedgerState, LedgerMessage>(announcement, _world.Shards, _host.Number, members));
            var id = _world.NextLife();
            _views.Add(id, _shard.ViewRests());
            answer((id, _views[id]));
        }
    }

    private void Run()
    {
        while (!IsDead && _shard.TakeWork(_world.Now) is { } work) Do(work);
        if (IsDead) return;
        if (_shard.Failure is not null)
        {
            Die();
            _host.Lost();
            return;
        }

        Answer(_registering, _shard.StoredProcesses);
        Answer(_noting, _shard.DurableNotes);
        Answer(_marking, _shard.VerifiedMarks);
        Answer(_resting, _shard.DurableRests);
        Answer(_waking, _shard.AnsweredAwakes);
        if (_shard.DueAt is { } due) _world.Schedule.At(due.Milliseconds, () => Go(static () => { }));
    }

    private void Go(Action input)
    {
        if (IsDead) return;
        input();
        Run();
    }

    private void Do(ShardWork work)
    {
        switch (work)
        {
            case WriteShardWork write:
                Write(write);
                break;
            case VerifyShardWork verify:
                var isCurrent = (_pagesVersion, _registryVersion) == (_host.PagesRow.Version, _host.RegistryRow.Version);
                _world.Schedule.After(1, () => Go(() => _shard.Completed(verify, isCurrent || _world.Variant.MarksUnverified)));
                break;
            case AskIndexWork ask:
                _world.Call<(Epoch Epoch, SnapshotAnnouncement Announcement)>(
                    new(_host.End, Link.Office),
                    answer => answer((_world.Office.Epoch, _world.Office.Announcement)),
                    told => Go(() => _shard.Completed(ask, told.Epoch, told.Announcement)),
                    () => Go(() => _shard.Failed(ask, "no answer in time", _world.Now)),
                    AnswerMs);
                break;
            case ReadRestsWork read:
                _world.Schedule.After(1, () => Go(() =>
                {
                    _restsVersion = _host.RestsRow.Version;
                    _shard.Completed(read, _host.Rests);
                }));
                break;
            case ReadSourceWork read:
                var members = _world.CollectorAt(read.Source).Members.Where(process => _world.Shards.PartOf(process) == _host.Number);
                _world.Schedule.After(1, () => Go(() => _shard.Completed(read, "ledger", [.. members])));
                break;
            case MemberWork member:
                Tell(member);
                break;
            default:
                var wake = (WakeWork)work;
                var host = _world.HostOf(wake.Process);
                _world.Call<bool>(
                    new(_host.End, host.Number),
                    answer => host.Wake(wake.Token, answer),
                    hasWork => Go(() => _shard.Completed(wake, hasWork, _world.Now)),
                    () => Go(() => Miss(wake)),
                    AnswerMs);
                break;
        }
    }

    private void Miss(WakeWork wake) => _shard.Failed(wake, "not reached", _world.Now);

    private void Tell(MemberWork member)
    {
        var (gate, source) = member.Order;
        var host = _world.HostOf(member.Process);
        var part = member.Order.Applies ? _world.Variant.Send(_world.CollectorAt(source).RestorePartOf(member.Process, gate) with { WasClosed = member.WasClosed }) : null;
        var counts = part is null ? default : new RestoreCounts(part.Local is null ? 0 : 1, part.Local is null ? 1 : 0, part.Messages);
        _world.Call<bool>(
            new(_host.End, host.Number),
            answer =>
            {
                if (part is null) host.Obey(gate, answer);
                else host.Restore(part, answer);
            },
            _ => Go(() => _shard.Completed(member, counts, _world.Now)),
            () => Go(() => _shard.Failed(member, "not reached", _world.Now)),
            AnswerMs);
    }

    /// <summary>Head, pages, registry and rests are four rows: one of them may be stored, and the others not.</summary>
    private void Write(WriteShardWork work)
    {
        var (left, isStored) = (4, true);
        if (work.Head is not { } head) Ended(true);
        else _world.Storage.Write(_host.HeadRow, _headVersion++, () => _host.Store(head), Ended, static () => { });
        if (work.Pages.IsEmpty) Ended(true);
        else _world.Storage.Write(_host.PagesRow, _pagesVersion++, () => _host.Store(work.Pages), Ended, static () => { });
        if (work.Rows.IsEmpty) Ended(true);
        else _world.Storage.Write(_host.RegistryRow, _registryVersion++, () => _host.Store(work.Rows), Ended, static () => { });
        if (work.Rests.IsEmpty) Ended(true);
        else _world.Storage.Write(_host.RestsRow, _restsVersion++, () => _host.Store(work.Rests), Ended, static () => { });

        void Ended(bool isWritten)
        {
            isStored &= isWritten;
            if (--left > 0) return;
            Go(() =>
            {
                if (isStored) _shard.Completed(work, _world.Now);
                else _shard.Failed(work, "not stored", _world.Now);
            });
        }
    }

    private static void Answer(List<(long Revision, Action Answer)> waiting, long durable)
    {
        foreach (var (_, answer) in waiting.Where(each => each.Revision <= durable).ToList()) answer();
        waiting.RemoveAll(each => each.Revision <= durable);
    }
}
