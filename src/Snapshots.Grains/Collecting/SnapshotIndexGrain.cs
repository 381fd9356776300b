using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Numbers snapshots and knows which are open: the host of a <see cref="SnapshotIndex"/>.</summary>
[Reentrant]
internal sealed partial class SnapshotIndexGrain : Grain, ISnapshotIndex
{
    private readonly SnapshotsOptions _options;
    private readonly TimeProvider _time;
    private readonly SnapshotInstruments _instruments;
    private readonly SnapshotApplications _applications;
    private readonly IServiceProvider _services;
    private readonly ILogger<SnapshotIndexGrain> _logger;
    private readonly Row<StoredIndex> _row;
    private readonly string _application;

    /// <summary>The phases of the restores that run, for their spans.</summary>
    private readonly Dictionary<RestoreNumber, (RestoreStatus Status, DateTimeOffset Since)> _phases = [];

    private SnapshotIndex? _index;

    /// <summary>What is stored of the index is damaged: each call of it fails with the reason.</summary>
    private DamagedStateException? _damage;
    private MachineHost<IndexWork>? _host;

    public SnapshotIndexGrain(
        IServiceProvider services,
        IOptions<SnapshotsOptions> options,
        TimeProvider time,
        SnapshotInstruments instruments,
        SnapshotApplications applications,
        ILogger<SnapshotIndexGrain> logger)
    {
        _instruments = instruments;
        (_services, _applications) = (services, applications);
        _options = options.Value;
        _time = time;
        _logger = logger;
        _row = new(services.GetRequiredService<SnapshotStorage>(), "index", GrainContext.GrainId);
        _application = this.GetPrimaryKeyString();
    }

    private SnapshotIndex Index => _index ?? throw _damage ?? (Exception)new InvalidOperationException("the index is not activated");

    private MachineHost<IndexWork> Host => _host ?? throw _damage ?? (Exception)new InvalidOperationException("the index is not activated");

    private long WallMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        try
        {
            await _row.ReadAsync();
        }
        catch (DamagedStateException damage)
        {
            _damage = damage;
            return;
        }

        var stored = _row.Exists ? _row.Value.ToRecord() : null;
        var startedAt = _time.GetTimestamp();
        _index = new(
            stored, _options.MaxOpenSnapshots, _options.KeepSnapshots, CollectionPace.Default, DirectoryKeys.ShardCount, default)
        {
            MaxBytes = _options.KeepSnapshotBytes,
        };
        _index.Tick(WallMs, default);
        Note(_index.Stored);
        _host = new(this, _time, startedAt, _index, PerformAsync, DeactivateOnIdle) { Stepped = Measure };
        _host.Poke();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _host?.Stop();
        _instruments.Keeps(_application, bytes: 0, inTransit: 0);
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task<Registration> GetAnnouncementAsync()
    {
        Index.Tick(WallMs, Host.Now);
        Host.Poke();
        return Task.FromResult(new Registration(Index.Stored.Epoch, Index.Announcement));
    }

    public async Task<SnapshotSummary> BeginAsync(SnapshotRequest request)
    {
        if (Index.Begin(request, WallMs) is { } summary)
        {
            using var span = SnapshotTracing.Start("plan", _application, summary.Number)?.SetTag("snapshots.id", summary.Id.Value);
            return await Host.DurableAsync(summary);
        }

        throw Index.IsRestoring ? new RestoringException() : TooManySnapshotsException.Open(_options.MaxOpenSnapshots);
    }

    public Task EndAsync(SnapshotSummary summary)
    {
        Index.End(summary);
        return Host.DurableAsync(true);
    }

    public Task<SnapshotSummary?> FindAsync(SnapshotId id) => Task.FromResult(Index.Find(id));

    public Task<SnapshotSummary[]> ListAsync(int limit) => Task.FromResult(Index.Stored.Snapshots.Reverse().Take(limit).ToArray());

    public Task<bool> RemoveAsync(SnapshotId id) => Host.DurableAsync(Index.Remove(id));

    public Task<SnapshotSummary?> PinAsync(SnapshotId id, bool isPinned)
    {
        var summary = Index.Pin(id, isPinned);
        return summary is { Pinned: false } && isPinned
            ? throw TooManySnapshotsException.Pinned(_options.KeepSnapshots)
            : Host.DurableAsync(summary);
    }

    public Task<SnapshotSummary> ImportAsync(SnapshotSummary source) => Index.Import(source, WallMs) is { } summary
        ? Host.DurableAsync(summary)
        : throw TooManySnapshotsException.Open(_options.MaxOpenSnapshots);

    public Task<bool> IsImportingAsync(SnapshotNumber snapshot) => Task.FromResult(Index.IsImporting(snapshot));

    public Task<SnapshotSummary?> ImportedAsync(SnapshotNumber snapshot, long endedAtMs, long bytes) =>
        Host.DurableAsync(Index.Imported(snapshot, endedAtMs, bytes));

    public Task<ScheduleView?> GetScheduleAsync() =>
        Task.FromResult(Index.Stored.Schedule is { } schedule ? new ScheduleView(schedule.Schedule, schedule.NextMs(WallMs)) : null);

    public Task SetScheduleAsync(SnapshotSchedule? schedule)
    {
        Index.Set(schedule, WallMs);
        return Host.DurableAsync(true);
    }

    private void Measure() => _instruments.Keeps(
        _application,
        Index.Stored.Snapshots.Sum(each => each.Bytes),
        Index.Stored.Snapshots.LastOrDefault(each => each.Status == SnapshotStatus.Completed)?.MessagesInTransit ?? 0);

    /// <summary>Counts the restores that a write ends, and adds a span for each phase that it ends.</summary>
    private void Note(IndexRecord written)
    {
        foreach (var restore in written.Restores)
        {
            var now = _time.GetUtcNow();
            var isKnown = _phases.TryGetValue(restore.Number, out var phase);
            if (isKnown && phase.Status == restore.Status) continue;
            if (restore.IsRunning) _phases[restore.Number] = (restore.Status, now);
            else _phases.Remove(restore.Number);
            if (!isKnown) continue;
            SnapshotTracing.Add(phase.Status, _application, restore, phase.Since, now);
            if (restore.Status >= RestoreStatus.Completed) _instruments.Ended(restore.Status);
            if (restore.Counts.Damaged > 0) LogDamaged(_logger, restore.Number, _application, restore.Counts.Damaged);
        }
    }

    public Task<RestoreSummary> BeginRestoreAsync(RestoreRequest request)
    {
        if (Index.BeginRestore(request, WallMs) is { } restore) return Host.DurableAsync(restore);
        throw Index.Find(request.Source) switch
        {
            null => new KeyNotFoundException($"there is no snapshot {request.Source}"),
            { Status: not SnapshotStatus.Completed } => new ArgumentException($"snapshot {request.Source} is not completed"),
            _ => new RestoringException(),
        };
    }

    public Task<RestoreView?> FindRestoreAsync(RestoreNumber number) => Task.FromResult(Index.FindRestore(number));

    public Task<RestoreSummary[]> ListRestoresAsync(int limit) => Task.FromResult(Index.Stored.Restores.Reverse().Take(limit).ToArray());

    public Task<bool?> AbortRestoreAsync(RestoreNumber number, string reason) => Host.DurableAsync(Index.AbortRestore(number, reason, Host.Now));

    private async Task PerformAsync(IndexWork work)
    {
        try
        {
            var isDone = true;
            if (work is IndexWork.Verify verify)
            {
                Index.Verified(verify, await FindFaultAsync(verify.Source), Host.Now);
                return;
            }

            if (work is IndexWork.Order order)
            {
                var shard = GrainFactory.Get<IDirectoryShard>(DirectoryKeys.Shard(_application, order.Shard));
                Index.Ordered(order, await shard.OrderAsync(order.Wanted), Host.Now);
                return;
            }

            if (work is IndexWork.Stop stop)
            {
                await CollectorOf(stop.Summary.Number).StartAsync(stop.Summary);
                await CollectorOf(stop.Summary.Number).AbortAsync(stop.Reason);
            }

            if (work is IndexWork.Write write)
            {
                await _row.WriteAsync(StoredIndex.Of(write.Record));
                Note(write.Record);
            }
            else if (work is IndexWork.Start start) await CollectorOf(start.Summary.Number).StartAsync(start.Summary);
            else if (work is IndexWork.Delete delete) isDone = await CollectorOf(delete.Snapshot).DeleteAsync();
            if (isDone) Index.Completed(work, Host.Now);
            else Index.Failed(work, Host.Now);
        }
        catch (DamagedStateException damage) when (work is IndexWork.Start { Summary: var summary })
        {
            Index.Failed(work, Host.Now);
            Index.End(summary with
            {
                Status = SnapshotStatus.Aborted,
                Reason = damage.Message,
                EndedAtMs = _time.GetUtcNow().ToUnixTimeMilliseconds(),
            });
        }
        catch (Exception exception)
        {
            LogFailed(_logger, _application, work.GetType().Name, exception);
            Index.Failed(work, Host.Now);
        }
    }

    /// <summary>Why a snapshot cannot be restored; none if it can. What cannot be reached is tried again.</summary>
    private async Task<string?> FindFaultAsync(SnapshotSummary source)
    {
        try
        {
            var (check, fault) = (_applications.CheckOf(_application, _services), (string?)null);
            await new SnapshotClient(GrainFactory, _application).ProveAsync(source, report => fault ??= check.FindFault(report));
            return fault;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    private ISnapshotCollector CollectorOf(SnapshotNumber number) =>
        GrainFactory.Get<ISnapshotCollector>(DirectoryKeys.Collector(_application, number));

    [LoggerMessage(1, LogLevel.Warning, "The index of {Application} could not do this, and tries again: {Work}.")]
    private static partial void LogFailed(ILogger logger, string application, string work, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Restore {Restore} of {Application} leaves {Count} processes damaged; the next restore repairs them.")]
    private static partial void LogDamaged(ILogger logger, RestoreNumber restore, string application, int count);
}
