using Snapshots.Protocol;

namespace Snapshots.Simulation;

/// <summary>One life of a collector in memory.</summary>
internal sealed class CollectorLife
{
    private const int GatherPauseMs = 15;
    private const int MaxAskPauseMs = 40;

    private readonly World _world;
    private readonly Collector _collector;
    private readonly Dictionary<int, IReadOnlyList<ProcessId>> _listed = [];
    private readonly HashSet<(Type Kind, ProcessId Process, ProcessId Source)> _taken = [];
    private List<(Report Report, bool IsNew)> _waiting = [];
    private long _version;
    private CollectorBook? _book;
    private string? _abortReason;
    private long _askPauseMs = 4;
    private bool _hasAskedInitiator;
    private bool _isWriting;

    /// <summary>Whether this life knows of the end. One that an earlier life stored late is found out by a write that is refused.</summary>
    private bool _hasEnded;

    public CollectorLife(World world, Collector collector)
    {
        _world = world;
        _collector = collector;
        _version = collector.Row.Version;
        _hasEnded = collector.HasEnded;
        foreach (var report in collector.Reports) _taken.Add(KeyOf(report));
        if (collector.Members is { } members) _book = CreateBook(members);
    }

    public bool IsDead { get; private set; }

    public void Die() => IsDead = true;

    public void Run()
    {
        if (_hasEnded) Tell();
        else if (_book is null) Gather();
        else Evaluate();
        if (!IsDead && _book is not null) AskLater();
    }

    /// <summary>A report; answered once it is stored, also if it is not new.</summary>
    public void Take(Report report)
    {
        if (_hasEnded)
        {
            Confirm(report);
            return;
        }

        if (report.Epoch != _world.Plan.Profile.Epoch) return;
        var isNew = _taken.Add(KeyOf(report));
        _waiting.Add((report, isNew));
        if (_world.Variant.ConfirmsFirst) Confirm(report);
        WriteReports();
    }

    public void Abort(string reason)
    {
        _abortReason ??= reason;
        Evaluate();
    }

    private static (Type Kind, ProcessId Process, ProcessId Source) KeyOf(Report report) =>
        (report.GetType(), report.Process, report is ChannelReport<LedgerMessage> channel ? channel.Source : default);

    private CollectorBook CreateBook(IReadOnlyList<ProcessId> members)
    {
        var book = _world.Variant.CreateBook(_collector.Snapshot, _world.Plan.Profile.Epoch, members);
        foreach (var report in _collector.Reports) book.Accept(report);
        return book;
    }

    /// <summary>Marks the shards one by one, again until all have answered.</summary>
    private void Gather()
    {
        if (IsDead || _book is not null || _hasEnded) return;
        if (_collector.IsTimedOut) _abortReason ??= "timed out, waiting for the directory";
        if (_abortReason is not null)
        {
            Evaluate();
            return;
        }

        foreach (var shard in _world.Directory)
        {
            if (_listed.ContainsKey(shard.End)) continue;
            var announcement = _world.Office.Announcement;
            _world.Network.Send(new(_collector.End, shard.End), () =>
            {
                var members = shard.Mark(announcement);
                _world.Network.Send(new(shard.End, _collector.End), () => Listed(shard, members));
            });
        }

        _world.Schedule.After(GatherPauseMs, Gather);
    }

    private void Listed(DirectoryShard shard, IReadOnlyList<ProcessId> members)
    {
        if (IsDead || _book is not null || !_listed.TryAdd(shard.End, members) || _listed.Count < _world.Directory.Count) return;
        WriteMembers();
    }

    private void WriteMembers()
    {
        if (_isWriting || _book is not null || _listed.Count < _world.Directory.Count) return;
        List<ProcessId> members = [.. _listed.Values.SelectMany(each => each).Order()];
        Write(() => _collector.StoreMembers(members), () =>
        {
            _book = CreateBook(members);
            AskLater();
        });
    }

    private void AskLater()
    {
        if (IsDead || _hasEnded) return;
        Ask();
        _world.Schedule.After(_askPauseMs, AskLater);
        _askPauseMs = Math.Min(_askPauseMs * 2, MaxAskPauseMs);
    }

    private void Ask()
    {
        if (_collector.IsTimedOut) _abortReason ??= "timed out";
        Evaluate();
        if (_book is not { } book) return;
        if (book.Missing.Count == 0)
        {
            // They have recorded: who was lost since then is woken by nobody else.
            if (_askPauseMs >= MaxAskPauseMs) foreach (var process in book.Receivers.ToList()) Ask(process);
            return;
        }

        if (!_hasAskedInitiator)
        {
            _hasAskedInitiator = true;
            Ask(book.Missing.Contains(_collector.Initiator) ? _collector.Initiator : book.Missing.First());
            return;
        }

        foreach (var process in book.Missing) Ask(process);
    }

    private void Ask(ProcessId process)
    {
        var host = _world.HostOf(process);
        var announcement = _world.Office.Announcement;
        _world.Network.Send(new(_collector.End, host.Number), () => host.Ask(_collector.Snapshot, announcement));
    }

    private void WriteReports()
    {
        if (_isWriting || _waiting.Count == 0) return;
        var page = _waiting;
        _waiting = [];
        List<Report> news = [.. page.Where(item => item.IsNew).Select(item => item.Report)];
        Write(() => _collector.StoreReports(news), () =>
        {
            foreach (var (report, _) in page)
            {
                _book?.Accept(report);
                Confirm(report);
            }
        });
    }

    private void Evaluate()
    {
        if (IsDead || _isWriting || _hasEnded) return;
        if (_abortReason is not null) WriteEnd(null, _abortReason, isExpected: true);
        else if (_book is { Status: CollectionStatus.Complete }) WriteEnd(_book.ToGlobalState(), string.Empty, isExpected: true);
        else if (_book is { Status: CollectionStatus.Failed }) WriteEnd(null, _book.FailureReason, _book.FailureReason.StartsWith("the recording", StringComparison.Ordinal));
    }

    private void WriteEnd(LedgerSnapshot? state, string reason, bool isExpected) =>
        Write(() => _collector.StoreEnd(state, reason, isExpected), Tell);

    private void Tell()
    {
        _hasEnded = true;
        _world.Office.End(_collector.Snapshot);
        foreach (var (report, _) in _waiting) Confirm(report);
        _waiting = [];
    }

    private void Confirm(Report report)
    {
        var host = _world.HostOf(report.Process);
        _world.Network.Send(new(_collector.End, host.Number), () => host.Confirm(report));
    }

    /// <summary>One write at a time; one that fails ends this life, and the index starts the next.</summary>
    private void Write(Action store, Action then)
    {
        _isWriting = true;
        _world.Storage.Write(
            _collector.Row,
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
                if (IsDead || _hasEnded) return;
                WriteMembers();
                WriteReports();
                Evaluate();
            },
            () => { });
    }
}
