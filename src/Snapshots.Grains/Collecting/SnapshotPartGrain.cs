using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One part of the collection of a snapshot. It marks and lists its shards of the directory, asks whoever of them is missing to
/// record, and those whose channel states are missing to report again, and persists reports. Its collector follows it.
/// </summary>
/// <remarks>
/// Crash safety: members are stored before anybody is asked; reports before they are acknowledged, and before they count. At every
/// step an activation that starts from what is stored goes on from there, since asking, reporting and telling are all idempotent.
/// The grain never awaits its collector, nor a process in a turn that the process awaits.
/// </remarks>
[Reentrant]
internal sealed partial class SnapshotPartGrain : Grain, ISnapshotPart
{
    private const int CountsPerPage = 4096;

    /// <summary>How long a collector that knows all is kept waiting for news.</summary>
    private static readonly TimeSpan MaxWaitForNews = TimeSpan.FromMilliseconds(500);

    private readonly SnapshotsOptions _options;
    private readonly TimeProvider _time;
    private readonly SiloStopping _stopping;
    private readonly ILogger<SnapshotPartGrain> _logger;
    private readonly PartStore _store;
    private readonly GroupCommit _commit;
    private readonly string _application;
    private readonly SnapshotNumber _number;
    private readonly int _part;
    private readonly long _life = (1L + RandomNumberGenerator.GetInt32(int.MaxValue)) << 24;
    private readonly List<(ReportSurrogate Wire, Report Report)> _waiting = [];
    private readonly HashSet<(ReportKind Kind, string Process, string Source)> _taken = [];
    private readonly AsyncSignal _signal = new();
    private CollectionPart<Payload, Payload>? _collection;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _gathering;
    private Task? _run;
    private long _version;
    private bool _hasEnded;
    private bool _leaving;

    public SnapshotPartGrain(
        IServiceProvider services,
        IOptions<SnapshotsOptions> options,
        TimeProvider time,
        SiloStopping stopping,
        ILogger<SnapshotPartGrain> logger)
    {
        _options = options.Value;
        _time = time;
        _stopping = stopping;
        _logger = logger;
        _store = new(services.GetRequiredService<SnapshotStorage>(), GrainContext.GrainId);
        _commit = new(CommitReportsAsync);
        _version = _life;
        (_application, _number, _part) = DirectoryKeys.SplitPart(this.GetPrimaryKeyString());
    }

    private ISnapshotIndex Index => GrainFactory.GetGrain<ISnapshotIndex>(_application);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await _store.ReadAsync();
        if (!_store.HasMembers) return;

        // Somebody may only want to read what is kept of a snapshot that has ended.
        if ((await Index.GetAnnouncementAsync()).Announcement.HasEnded(_number))
        {
            _hasEnded = true;
            return;
        }

        var collection = StartCollection(await _store.ReadAllMembersAsync());
        for (var page = 0; page < _store.ReportPages; page++)
        {
            foreach (var report in await _store.ReadReportsAsync(page))
            {
                _taken.Add(KeyOf(report));
                collection.Accept(report.FromWire());
            }
        }

        _collection = collection;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Leave();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<PartView> FollowAsync(Epoch epoch, int parts, long known)
    {
        if (_collection is null && !_hasEnded) await (_gathering ??= GatherAsync(epoch, parts));
        if (_collection is not null) _run ??= RunAsync();
        if (known == _version && !_leaving) await WaitForNewsAsync();
        if (_leaving || _stopping.Token.IsCancellationRequested) throw new InvalidOperationException($"{this.GetPrimaryKeyString()} starts anew from what is stored");
        return View();
    }

    public Task AskFirstAsync(ProcessId initiator)
    {
        if (!_options.AskProcesses || _collection is not { MissesLocalStates: true } collection) return Task.CompletedTask;
        AskOneAsync(collection.IsAwaited(initiator) ? initiator : collection.Awaited.First()).Ignore();
        return Task.CompletedTask;
    }

    public async Task<ReportVerdict[]> AcceptAsync(ReportSurrogate[] reports)
    {
        // A snapshot that has ended wants no more reports: they may be forgotten.
        if (_hasEnded) return [.. reports.Select(_ => ReportVerdict.Duplicate)];
        if (_collection is null) throw new InvalidOperationException($"{this.GetPrimaryKeyString()} is not started, or is deleted");
        var decoded = Array.ConvertAll(reports, report => report.FromWire());
        if (decoded.Any(report => report.Snapshot != _number)) throw new ArgumentException("a report of another snapshot", nameof(reports));
        if (decoded.Any(report => _store.Partition.PartOf(report.Process) != _part)) throw new ArgumentException("a report of another part", nameof(reports));
        var verdicts = new ReportVerdict[reports.Length];
        for (var index = 0; index < reports.Length; index++)
        {
            if (decoded[index].Epoch != _store.Epoch)
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

    public async Task<PartView> ExchangeAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, _store.Partition.Count).Where(part => part != _part).Select(HearAsync));
        return View();
    }

    public Task<CountPage> TellAsync(int to, HeardCounts heard) => Task.FromResult(Collection.Tell(to, heard, CountsPerPage));

    public Task<PartPages> GetPagesAsync() => Task.FromResult(new PartPages(_store.MemberPages, _store.ReportPages));

    public Task<ProcessId[]> ReadMembersAsync(int page) => _store.ReadMembersAsync(page);

    public Task<ReportSurrogate[]> ReadAsync(int page) => _store.ReadReportsAsync(page);

    public Task EndAsync()
    {
        Finish();
        return Task.CompletedTask;
    }

    public async Task DeleteAsync()
    {
        Finish();
        if (_gathering is { } gathering) await gathering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _commit.RequestAsync(); // Reports that came before the end may still be under way.
        await _store.ClearAsync();
        DeactivateOnIdle();
    }

    /// <exception cref="InvalidOperationException">There is none: the part is not started, or the snapshot has ended.</exception>
    private CollectionPart<Payload, Payload> Collection =>
        _collection ?? throw new InvalidOperationException($"{this.GetPrimaryKeyString()} collects nothing {(_hasEnded ? "any more" : "yet")}");

    private static (ReportKind Kind, string Process, string Source) KeyOf(ReportSurrogate report) =>
        ((ReportKind)report.Kind, report.Process, report.Source);

    private PartView View() => new(_version, Collection.GetStanding());

    private CollectionPart<Payload, Payload> StartCollection(IEnumerable<ProcessId> members) =>
        new(_number, _store.Epoch, _store.Partition, _part, _life, members);

    private async Task WaitForNewsAsync() =>
        await _news.Task.WaitAsync(MaxWaitForNews, _time, _stopping.Token) // A silo waits for calls when it stops.
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>Something has changed: who follows is to know.</summary>
    private void Tell()
    {
        _version++;
        var news = _news;
        _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        news.SetResult();
    }

    /// <summary>Hears from another part until it has no more to tell for now.</summary>
    private async Task HearAsync(int from)
    {
        var teller = GrainFactory.GetGrain<ISnapshotPart>(DirectoryKeys.Part(_application, _number, from));
        var mayBeMore = true;
        while (mayBeMore) // Ends: a page either brings something, of what is finite, or is the last one.
        {
            var page = await teller.TellAsync(_part, Collection.HeardFrom(from));
            mayBeMore = Collection.Hear(page);
            Tell();
            _signal.Set(); // Somebody may have been drawn in.
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
            else if (!_hasEnded) await _store.RequireNoMorePagesAsync();
        }
        catch
        {
            Leave(); // What is not stored must not be counted; its senders repeat it.
            DeactivateOnIdle();
            throw;
        }

        if (page.Length == 0 || _collection is not { } collection) return;
        foreach (var (_, report) in page) collection.Accept(report);
        Tell();
    }

    /// <summary>The snapshot has ended: frees what only a running collection needs.</summary>
    private void Finish()
    {
        _hasEnded = true;
        _collection = null;
        _taken.Clear();
        _signal.Set();
        Tell();
    }

    private void Leave()
    {
        _leaving = true;
        _signal.Set();
        Tell();
    }
}
