using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Gathers one snapshot. It marks the directory, asks the initiator and then whoever is missing to record, and those whose channel
/// states are missing to report again, persists reports, and ends the snapshot: completed when the certificate holds, aborted by a
/// person, by its timeout or by a recording that outgrew its limit.
/// </summary>
/// <remarks>
/// Crash safety: the summary is stored before anything is asked; members before anybody is asked; reports before they are
/// acknowledged; the end before it is told. At every step an activation that starts from what is stored goes on from there, since
/// asking, reporting and telling are all idempotent. The grain never awaits the index or a process in a turn that they await.
/// </remarks>
[Reentrant]
internal sealed partial class SnapshotCollectorGrain : Grain, ISnapshotCollector
{
    private static readonly TimeSpan MinProgressAge = TimeSpan.FromMilliseconds(200);

    private readonly SnapshotsOptions _options;
    private readonly TimeProvider _time;
    private readonly SnapshotInstruments _instruments;
    private readonly ILogger<SnapshotCollectorGrain> _logger;
    private readonly CollectorStore _store;
    private readonly GroupCommit _commit;
    private readonly string _application;
    private readonly List<(ReportSurrogate Wire, Report Report)> _waiting = [];
    private readonly HashSet<(ReportKind Kind, string Process, string Source)> _taken = [];
    private readonly List<Report> _early = [];
    private readonly AsyncSignal _signal = new();
    private GlobalStateBuilder<Payload, Payload>? _builder;
    private Task? _starting;
    private Task? _run;
    private string? _abortReason;
    private CollectionProgress? _progress;
    private long _progressAt;
    private TimeSpan _progressAge;
    private bool _leaving;

    public SnapshotCollectorGrain(
        IServiceProvider services,
        IOptions<SnapshotsOptions> options,
        TimeProvider time,
        SnapshotInstruments instruments,
        ILogger<SnapshotCollectorGrain> logger)
    {
        _options = options.Value;
        _time = time;
        _instruments = instruments;
        _logger = logger;
        _store = new(services.GetRequiredService<SnapshotStorage>(), GrainContext.GrainId);
        _commit = new(CommitReportsAsync);
        (_application, _) = DirectoryKeys.Split(this.GetPrimaryKeyString());
    }

    private ISnapshotIndex Index => GrainFactory.GetGrain<ISnapshotIndex>(_application);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await _store.ReadAsync();
        if (_store.Summary is not { Status: SnapshotStatus.Running }) return;
        for (var page = 0; page < _store.ReportPages; page++)
        {
            foreach (var report in await _store.ReadReportsAsync(page))
            {
                _taken.Add(KeyOf(report));
                _early.Add(CountsOf(report.FromWire()));
            }
        }

        if (_store.HasMembers) StartBuilding(await _store.ReadAllMembersAsync());
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Leave();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task StartAsync(SnapshotSummary summary)
    {
        // The index asks again every second, also while this write is under way.
        if (_store.Summary is null) await (_starting ??= WriteSummaryAsync(summary));
        _run ??= RunAsync();
    }

    public async Task<ReportVerdict[]> AcceptAsync(ReportSurrogate[] reports)
    {
        // Not a word that the process could take for a receipt: (1) the index has numbered a snapshot; (2) a shard that is activated
        // just now tells a newcomer of it, who records and reports; (3) the collector is started. The report would be lost.
        if (_store.Summary is not { } summary) throw new InvalidOperationException($"{this.GetPrimaryKeyString()} was not started, or is deleted");

        // A snapshot that has ended wants no more reports: they may be forgotten.
        if (summary.Status != SnapshotStatus.Running) return [.. reports.Select(_ => ReportVerdict.Duplicate)];
        var decoded = Array.ConvertAll(reports, report => report.FromWire());
        if (decoded.Any(report => report.Snapshot != summary.Number)) throw new ArgumentException("a report of another snapshot", nameof(reports));
        var verdicts = new ReportVerdict[reports.Length];
        for (var index = 0; index < reports.Length; index++)
        {
            if (decoded[index].Epoch != summary.Epoch)
            {
                verdicts[index] = ReportVerdict.WrongEpoch;
            }
            else if (_taken.Add(KeyOf(reports[index])))
            {
                _waiting.Add((reports[index], decoded[index]));
            }
            else
            {
                verdicts[index] = ReportVerdict.Duplicate;
            }
        }

        // Also what is a duplicate is answered only when the first one is persisted.
        await _commit.RequestAsync();
        return verdicts;
    }

    public Task<SnapshotView?> GetAsync() => Task.FromResult(_store.Summary is not { } summary
        ? null
        : new SnapshotView(summary, Progress(), _store.ReportPages, _store.MemberPages));

    public Task<ProcessId[]> ReadMembersAsync(int page) => _store.ReadMembersAsync(page);

    public Task<ReportSurrogate[]> ReadAsync(int page) => _store.ReadReportsAsync(page);

    public async Task AbortAsync(string reason)
    {
        if (_store.Summary is not { Status: SnapshotStatus.Running }) return;
        _abortReason ??= reason;
        var run = _run ??= RunAsync();
        _signal.Set();
        await run;
        if (_store.Summary is { Status: SnapshotStatus.Running })
        {
            throw new InvalidOperationException($"{this.GetPrimaryKeyString()} could not be aborted, since its end could not be kept: try again");
        }
    }

    public async Task SettleAsync()
    {
        _progress = null;
        while (_builder is not { Status: CollectionStatus.Running } && _run is { } run)
        {
            // It gathers members, or is about to end and to tell the index; all are bounded.
            await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(1), _time));
        }
    }

    public async Task<bool> DeleteAsync()
    {
        if (_store.Summary is { Status: SnapshotStatus.Running }) return false;
        await _commit.RequestAsync(); // Reports that came before the end may still be under way.
        await _store.ClearAsync();
        DeactivateOnIdle();
        return true;
    }

    private static (ReportKind Kind, string Process, string Source) KeyOf(ReportSurrogate report) =>
        ((ReportKind)report.Kind, report.Process, report.Source);

    /// <summary>
    /// The report without what is in the states and messages: that is persisted, and to complete takes the counts alone. So what a
    /// collection holds in memory grows with channels, not with states.
    /// </summary>
    private static Report CountsOf(Report report) => report switch
    {
        LocalReport<Payload> local => local with { State = default },
        ChannelReport<Payload> channel => channel with { Messages = [.. Enumerable.Repeat(default(Payload), channel.Messages.Length)] },
        _ => report,
    };

    /// <summary>Counting costs as much as there are channels, and clients look often: so it takes a twentieth of the time at most.</summary>
    private CollectionProgress Progress()
    {
        if (_store.LastProgress is { } last) return last;
        if (_builder is not { } builder) return new CollectionProgress(0, 0, 0, 0, []);
        if (_progress is null || _time.GetElapsedTime(_progressAt) > _progressAge)
        {
            var started = _time.GetTimestamp();
            _progress = builder.GetProgress();
            _progressAt = _time.GetTimestamp();
            _progressAge = TimeSpan.FromTicks(Math.Max(MinProgressAge.Ticks, 20 * _time.GetElapsedTime(started).Ticks));
        }

        return _progress;
    }

    private void StartBuilding(IEnumerable<ProcessId> members)
    {
        var summary = _store.Summary!;
        var builder = new GlobalStateBuilder<Payload, Payload>(summary.Number, summary.Epoch, members);
        foreach (var report in _early) builder.Accept(report);
        _early.Clear();
        _builder = builder;
    }

    private async Task WriteSummaryAsync(SnapshotSummary summary)
    {
        try
        {
            await _store.WriteSummaryAsync(summary);
        }
        catch
        {
            DeactivateOnIdle(); // It may be stored all the same: the next activation knows.
            throw;
        }
    }

    private async Task CommitReportsAsync()
    {
        // (1) Report r is being written; (2) r comes again, is a duplicate, and waits for the next write; (3) the first one fails. The
        // next one, of nothing, must not succeed: it would be r's receipt.
        if (_leaving) throw new InvalidOperationException($"{this.GetPrimaryKeyString()} starts anew from what is stored");
        var page = _waiting.ToArray();
        _waiting.Clear();
        try
        {
            if (page.Length > 0) await _store.WriteReportsAsync([.. page.Select(item => item.Wire)]);
            else if (_store.Summary is { Status: SnapshotStatus.Running }) await _store.RequireNoMorePagesAsync();
        }
        catch
        {
            Leave(); // What is not stored must not be counted; its senders repeat it.
            DeactivateOnIdle();
            throw;
        }

        foreach (var (_, report) in page)
        {
            var counts = CountsOf(report);
            if (_builder is { } builder) builder.Accept(counts);
            else _early.Add(counts);
        }

        if (page.Length > 0) _signal.Set();
    }

    private void Leave()
    {
        _leaving = true;
        _signal.Set();
    }
}
