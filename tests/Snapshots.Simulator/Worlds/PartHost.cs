using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Where one part of the collection of a snapshot lives: its stored rows and its lives. For a time there may be two,
/// and then chance decides which one a report reaches.
/// </summary>
internal sealed class PartHost(World world, CollectorHost collector, int number)
{
    /// <summary>How long one that has crashed cannot be reached.</summary>
    private const int DownMs = 40;

    private const int RowsPerPart = 64;
    private readonly SortedDictionary<(PartRow Kind, int Page), MachineRow<PartContent>> _rows = [];
    private PartLife? _life;
    private PartLife? _elder;
    private long _downUntilMs;
    private int _reports;

    public CollectorHost Collector { get; } = collector;

    public int Number { get; } = number;

    public int End { get; } = Link.FirstPart + ((int)collector.Snapshot.Value * CollectorHost.MaxParts) + number;

    /// <summary>The stored members, once the head says how many pages there are.</summary>
    public IEnumerable<ProcessId> Members => Head is not { } head
        ? []
        : head.Members.Concat(Enumerable.Range(1, head.MemberPages - 1).SelectMany(page => RowOf(PartRow.Members, page).Value!.Members));

    /// <summary>What is kept of processes at rest, for this snapshot and maybe for others.</summary>
    public IEnumerable<LocalReport<LedgerState>> AtRest => Head is not { } head
        ? []
        : head.Rests.SelectMany(rests => world.Keepers[rests.Shard].ReportsOf(rests.Number, Collector.Snapshot));

    /// <summary>The shards of the part.</summary>
    public IEnumerable<KeeperHost> Keepers => world.Keepers.Where(keeper => keeper.Shard.Number % Collector.Partition.Count == Number);

    /// <summary>The stored head, or the claim in its place.</summary>
    public PartHead? Stored => RowOf(PartRow.Head, 0).Value?.Head;

    public PartHead? Head => Stored is { IsClaim: false } head ? head : null;

    /// <summary>The stored reports, page by page.</summary>
    public IEnumerable<IReadOnlyList<Report>> Pages =>
        _rows.Where(row => row.Key.Kind == PartRow.Reports && row.Value.Value is not null).Select(row => row.Value.Value!.Reports);

    public IEnumerable<Report> Reports => Pages.SelectMany(page => page).Concat(AtRest);

    public int RowsLeft => _rows.Values.Count(row => row.Value is not null);

    public MachineRow<PartContent> RowOf(PartRow kind, int page)
    {
        if (_rows.TryGetValue((kind, page), out var row)) return row;
        row = new((End * RowsPerPart) + ((int)kind * RowsPerPart / 4) + page);
        _rows.Add((kind, page), row);
        return row;
    }

    /// <summary>The life that runs now; one begins if there is none, unless it has just crashed.</summary>
    public PartLife? Live()
    {
        if (world.Schedule.NowMs < _downUntilMs && !world.Network.IsHealed) return null;
        if (_life is null or { IsDead: true }) _life = new PartLife(world, this);
        return _life;
    }

    /// <summary>A report comes, to a stale life if there is one and chance says so.</summary>
    public void Take(Report report)
    {
        var life = _elder is { IsDead: false } elder && _reports++ % 2 == 0 ? elder : Live();
        life?.Take(world.Variant.Arrive(report, world.Office.EpochOf(Collector.Snapshot)));
    }

    /// <summary>The life is lost, or it is cut off, does not know, and goes on beside its successor.</summary>
    public void Crash(bool isStale)
    {
        if (_life is not { IsDead: false }) return;
        world.Sightings.Add(Sighting.CollectorCrashes);
        _elder?.Die();
        if (isStale)
        {
            (_elder, _life) = (_life, null);
            return;
        }

        _life.Die();
        _downUntilMs = world.Schedule.NowMs + DownMs;
    }

    public void Heal() => _elder?.Die();
}

/// <summary>What a row of a part holds.</summary>
internal sealed record PartContent(PartHead? Head, IReadOnlyList<ProcessId> Members, IReadOnlyList<Report> Reports, int Generation = 0);

/// <summary>One life of a part of a collection.</summary>
internal sealed class PartLife : MachineLife<PartWork>
{
    private const int CallMs = 40;
    private readonly PartHost _host;
    private readonly CollectionPart<LedgerState, LedgerMessage> _part;
    private readonly List<(long Known, Action<PartView> Answer)> _followers = [];
    private readonly List<Action<PartView>> _exchanging = [];
    private readonly HashSet<(Type Kind, ProcessId Process, ProcessId Source)> _seen = [];
    private long _headVersion;
    private long _shown;

    public PartLife(World world, PartHost host)
        : this(world, host, new(host.Collector.Snapshot, host.Collector.Partition, host.Number, world.NextLife() << 20, host.Stored, World.Pace))
    {
    }

    private PartLife(World world, PartHost host, CollectionPart<LedgerState, LedgerMessage> part)
        : base(world, part)
    {
        (_host, _part) = (host, part);
        _headVersion = host.RowOf(PartRow.Head, 0).Row.Version;
        if (host.Head is not null)
        {
            _part.Learn(world.Office.Announcement);
            _part.Restore(host.Members, world.Now);
            foreach (var page in host.Pages) _part.Restore(page);
        }

        Run();
    }

    public void Follow(Epoch epoch, long known, Action<PartView> answer) => Go(() =>
    {
        _part.Start(epoch, World.Now);
        _followers.Add((known, answer));
    });

    public void Exchange(IEnumerable<int> from, Action<PartView> answer) => Go(() =>
    {
        _part.Exchange(from);
        _exchanging.Add(answer);
    });

    public void AskFirst(ProcessId process) => Go(() => _part.AskFirst(process));

    public void Resolve() => Go(_part.Resolve);

    public void End() => Go(_part.End);

    public void Delete(Action<bool> answer) => Go(() =>
    {
        _part.Delete();
        AnswerWhenDurable(() => answer(true));
    });

    /// <summary>A report; confirmed once it is stored, also if it is not new.</summary>
    public void Take(Report report) => Go(() =>
    {
        if (_part.Accept([report]) is not [var verdict] || verdict == ReportVerdict.WrongEpoch) return;
        if (verdict == ReportVerdict.Duplicate && World.Variant.StoresReportsTwice) StoreAgain(report);
        if (World.Variant.ConfirmsFirst) Confirm(report);
        else AnswerWhenDurable(() => Confirm(report));
    });

    protected override void Stepped()
    {
        if (!_part.HasStarted) return;
        Show();
        foreach (var (_, answer) in _followers.Where(each => each.Known != _part.Version)) answer(_part.View());
        _followers.RemoveAll(each => each.Known != _part.Version);
        if (_part.IsHearing) return;
        foreach (var answer in _exchanging) answer(_part.View());
        _exchanging.Clear();
    }

    private void Show()
    {
        if (_shown == _part.Version) return;
        _shown = _part.Version;
        var counted = _part.View().Standing.Progress.ProcessesRecorded;
        World.Record(new PartCounted<LedgerState, LedgerMessage>(_host.Collector.Snapshot, counted, StoredLocals));
    }

    private int StoredLocals => _host.Reports.OfType<LocalReport<LedgerState>>().Select(report => report.Process).Distinct().Count();

    protected override void Do(PartWork work)
    {
        switch (work)
        {
            case PartWork.Gather:
                Gather(work);
                break;
            case PartWork.Find find:
                Find(find);
                break;
            case PartWork.Drop:
                Drop(work);
                break;
            case PartWork.WriteMembers write:
                var members = _host.RowOf(PartRow.Members, write.Page);
                if (!write.MayReplace(members.Value?.Generation ?? 0)) World.Schedule.After(1, () => Ended(work, false));
                else Write(work, members, members.Row.Version, new(null, write.Members, [], write.Generation));
                break;
            case PartWork.WriteHead write:
                Write(work, _host.RowOf(PartRow.Head, 0), _headVersion++, new(write.Head, [], []));
                break;
            case PartWork.WriteReports write:
                var reports = _host.RowOf(PartRow.Reports, write.Page);
                if (World.Variant.CountsReportsFirst) _part.Completed(work, World.Now);
                Write(work, reports, reports.Value is null ? reports.Row.Version : -1, new(null, [], write.Reports));
                break;
            case PartWork.Clear clear:
                var cleared = _host.RowOf(clear.Row, clear.Page);
                if (World.Variant.ForgetsPages && clear.Row == PartRow.Reports) World.Schedule.After(1, () => Ended(work, true));
                else Write(work, cleared, cleared.Row.Version, null);
                break;
            case PartWork.Probe probe:
                World.Schedule.After(1, () => Go(() => _part.Probed(probe, _host.RowOf(probe.Row, probe.Page).Value is not null)));
                break;
            case PartWork.Look:
                World.Call<SnapshotAnnouncement>(
                    new(_host.End, Link.Office),
                    answer => answer(World.Office.Announcement),
                    announcement => Go(() =>
                    {
                        _part.Learn(announcement);
                        _part.Completed(work, World.Now);
                    }),
                    () => Ended(work, false),
                    CallMs);
                break;
            case PartWork.Ask ask:
                foreach (var process in ask.Processes) Ask(process);
                World.Schedule.After(1, () => Ended(work, true));
                break;
            case PartWork.Hear hear:
                Hear(hear);
                break;
            default:
                throw new InvalidOperationException($"{work} is not known");
        }
    }

    private void Gather(PartWork work)
    {
        var announcement = World.Office.Announcement;
        _part.Learn(announcement);
        if (_part.HasEnded) return;
        Call<(int Shard, KeptRests Kept)>(
            work,
            (keeper, answer) => keeper.Keep(_host.Collector.Snapshot, _part.Epoch, announcement, kept => answer((keeper.Shard.Number, kept))),
            shards => _part.Gathered([.. shards.OrderBy(each => each.Shard)]));
    }

    private void Find(PartWork.Find work)
    {
        var atRest = _host.AtRest.ToList();
        Call<(KeeperHost Keeper, ImmutableArray<int> Rows)>(
            work,
            (keeper, answer) => keeper.Shard.RestRowsOf(Of(keeper), rows => answer((keeper, rows))),
            answers =>
            {
                var listed = answers.SelectMany(each => Of(each.Keeper).Where((_, place) => each.Rows[place] >= 0)).ToHashSet();
                _part.Found(work.Processes, atRest.Where(report => listed.Contains(report.Process)));
            });

        ImmutableArray<ProcessId> Of(KeeperHost keeper) => [.. work.Processes.Where(process => World.ShardOf(process) == keeper.Shard)];
    }

    /// <summary>Calls the keepers of all shards of the part.</summary>
    private void Call<T>(PartWork work, Action<KeeperHost, Action<T>> serve, Action<List<T>> answered)
    {
        var (left, answers) = (_host.Keepers.Count(), new List<T>());
        foreach (var keeper in _host.Keepers)
        {
            World.Call<T>(
                new(_host.End, keeper.End),
                answer => serve(keeper, answer),
                value =>
                {
                    answers.Add(value);
                    if (--left == 0) Go(() => answered(answers));
                },
                () =>
                {
                    if (left > 0) Ended(work, false);
                    left = -1;
                },
                CallMs * 4);
        }
    }

    private void Drop(PartWork work) => Call<bool>(
        work, (keeper, answer) => keeper.Drop(_host.Collector.Snapshot, answer), _ => _part.Completed(work, World.Now));

    private void Ask(ProcessId process)
    {
        if (!World.Variant.AsksReceivers && _host.Reports.Any(report => report is LocalReport<LedgerState> && report.Process == process)) return;
        var host = World.HostOf(process);
        var (epoch, announcement) = (World.Office.EpochOf(_host.Collector.Snapshot), World.Office.Announcement);
        World.Network.Send(new(_host.End, host.Number), () => host.Ask(
            _host.Collector.Snapshot,
            epoch,
            announcement,
            reason => World.Network.Send(new(host.Number, _host.End), () => Go(() => _part.CannotReport(process, reason)))));
    }

    private void Hear(PartWork.Hear hear)
    {
        var teller = _host.Collector.Parts[hear.From];
        World.Call<CountPage>(
            new(_host.End, teller.End),
            answer =>
            {
                if (teller.Live() is { _part.HasStarted: true } life) answer(life._part.Tell(_host.Number, hear.Heard));
            },
            page => Go(() =>
            {
                if (World.Variant.Hear(hear.Heard, page) is { } heard) _part.Heard(heard);
                else _part.Failed(hear, World.Now);
            }),
            () => Ended(hear, false),
            CallMs);
    }

    private void Confirm(Report report)
    {
        World.Record(new ReportConfirmed<LedgerState, LedgerMessage>(report, IsStored(report) || _part.HasEnded));
        var host = World.HostOf(report.Process);
        World.Network.Send(new(_host.End, host.Number), () => host.Confirm(report));
    }

    private bool IsStored(Report report) => _host.Reports.Any(each => KeyOf(each) == KeyOf(report));

    private static (Type Kind, ProcessId Process, ProcessId Source) KeyOf(Report report) =>
        (report.GetType(), report.Process, report is ChannelReport<LedgerMessage> channel ? channel.Source : default);

    private void StoreAgain(Report report)
    {
        if (_host.RowOf(PartRow.Reports, 0) is { Value: { } page } row && _seen.Add(KeyOf(report))) row.Value = page with { Reports = [.. page.Reports, report] };
    }

    private void Write(PartWork work, MachineRow<PartContent> row, long version, PartContent? content) => World.Storage.Write(
        row.Row, version, () => row.Value = content, isWritten => Ended(work, isWritten), static () => { });

    private void Ended(PartWork work, bool isDone) => Go(() =>
    {
        if (work is PartWork.WriteReports && World.Variant.CountsReportsFirst) return;
        if (isDone) _part.Completed(work, World.Now);
        else _part.Failed(work, World.Now);
    });
}
