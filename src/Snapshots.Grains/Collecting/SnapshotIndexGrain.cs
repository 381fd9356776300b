using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Numbers snapshots and knows which are open. Its calls run one after another, each persisted before it is answered; only the
/// announcement is answered at any time, from what is persisted.
/// </summary>
internal sealed partial class SnapshotIndexGrain : Grain, ISnapshotIndex
{
    private static readonly TimeSpan SupervisionPeriod = TimeSpan.FromSeconds(1);

    private readonly SnapshotsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SnapshotIndexGrain> _logger;
    private readonly Row<StoredIndex> _row;
    private readonly string _application;
    private readonly HashSet<long> _deleted = [];
    private Registration _registration = new(Epoch.First, SnapshotAnnouncement.None);
    private IReadOnlyList<SnapshotSummary> _running = [];
    private IGrainTimer? _supervision;

    public SnapshotIndexGrain(
        IServiceProvider services, IOptions<SnapshotsOptions> options, TimeProvider time, ILogger<SnapshotIndexGrain> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _row = new(services.GetRequiredService<SnapshotStorage>(), "index", GrainContext.GrainId);
        _application = this.GetPrimaryKeyString();
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await _row.ReadAsync();
        Announce();
        StartSupervision();
    }

    public Task<Registration> GetAnnouncementAsync() => Task.FromResult(_registration);

    public async Task<SnapshotSummary> BeginAsync(SnapshotRequest request)
    {
        if (Lookup(request.Id) is { } known) return known;
        var open = _registration.Announcement.Open.Count;
        if (open >= _options.MaxOpenSnapshots) throw new TooManySnapshotsException(open);

        var stored = _row.Value;
        var number = new SnapshotNumber(stored.Highest).Next;
        var summary = new SnapshotSummary(
            request.Id, number, new Epoch(stored.Epoch), SnapshotStatus.Running, request.Initiator, request.Timeout, _time.GetUtcNow(),
            EndedAt: null, Processes: 0, Channels: 0, MessagesInTransit: 0, Reason: string.Empty);
        var dropped = Oldest(stored.Snapshots, stored.Snapshots.Length + 1 - _options.KeepSnapshots);
        await SaveAsync(new StoredIndex
        {
            Epoch = stored.Epoch,
            Highest = number.Value,
            Snapshots = [.. stored.Snapshots.Except(dropped), summary],
            Dropped = [.. Undeleted, .. dropped.Select(old => old.Number.Value)],
        });
        StartSupervision();
        await CollectorOf(number).StartAsync(summary);
        return summary;
    }

    public async Task EndAsync(SnapshotSummary summary)
    {
        if (Lookup(summary.Id) is not { Status: SnapshotStatus.Running } running || running.Number != summary.Number) return;
        await SaveAsync(With([.. _row.Value.Snapshots.Select(each => each.Number == summary.Number ? summary : each)]));
    }

    public Task<SnapshotSummary?> FindAsync(SnapshotId id) => Task.FromResult(Lookup(id));

    public Task<SnapshotSummary[]> ListAsync(int limit) =>
        Task.FromResult(_row.Value.Snapshots.Reverse().Take(limit).ToArray());

    public async Task<bool> RemoveAsync(SnapshotId id)
    {
        if (Lookup(id) is not { } found || found.Status == SnapshotStatus.Running) return false;
        await SaveAsync(With([.. _row.Value.Snapshots.Where(each => each.Number != found.Number)]));
        return true;
    }

    /// <summary>What is to be deleted still; a deletion is noted with the next write, since to forget it costs no more than to repeat it.</summary>
    private IEnumerable<long> Undeleted => _row.Value.Dropped.Where(number => !_deleted.Contains(number));

    private static List<SnapshotSummary> Oldest(ImmutableArray<SnapshotSummary> snapshots, int count) =>
        [.. snapshots.Where(each => each.Status != SnapshotStatus.Running).Take(Math.Max(count, 0))];

    private SnapshotSummary? Lookup(SnapshotId id) => _row.Value.Snapshots.FirstOrDefault(each => each.Id == id);

    private ISnapshotCollector CollectorOf(SnapshotNumber number) =>
        GrainFactory.GetGrain<ISnapshotCollector>(DirectoryKeys.Collector(_application, number));

    private StoredIndex With(ImmutableArray<SnapshotSummary> snapshots) => new()
    {
        Epoch = _row.Value.Epoch,
        Highest = _row.Value.Highest,
        Snapshots = snapshots,
        Dropped = [.. Undeleted],
    };

    private async Task SaveAsync(StoredIndex index)
    {
        try
        {
            await _row.WriteAsync(index);
        }
        catch
        {
            DeactivateOnIdle(); // What is in memory and not stored must not be answered for.
            throw;
        }

        Announce();
    }

    private void Announce()
    {
        _running = [.. _row.Value.Snapshots.Where(each => each.Status == SnapshotStatus.Running)];
        var announcement = new SnapshotAnnouncement(new SnapshotNumber(_row.Value.Highest), _running.Select(each => each.Number));
        _registration = new(new Epoch(_row.Value.Epoch), announcement);
    }

    /// <summary>
    /// While snapshots are open their collectors are kept running: each may have been lost with its silo. And what is kept no longer
    /// is deleted until it is gone.
    /// </summary>
    private void StartSupervision()
    {
        if (_running.Count == 0 && !Undeleted.Any()) return;
        _supervision ??= this.RegisterGrainTimer(
            SuperviseAsync, new GrainTimerCreationOptions(TimeSpan.Zero, SupervisionPeriod) { Interleave = true, KeepAlive = true });
    }

    private Task SuperviseAsync()
    {
        if (_running.Count == 0 && !Undeleted.Any())
        {
            _supervision?.Dispose();
            _supervision = null;
        }

        // At the same time: a collector that cannot be reached keeps no other one from its work.
        return Task.WhenAll(
            [.. _running.Select(summary => TryAsync(summary.Number, collector => collector.StartAsync(summary))),
            .. Undeleted.Select(number => TryAsync(new(number), collector => DeleteAsync(collector, number)))]);
    }

    private async Task DeleteAsync(ISnapshotCollector collector, long number)
    {
        if (await collector.DeleteAsync()) _deleted.Add(number);
    }

    private async Task TryAsync(SnapshotNumber number, Func<ISnapshotCollector, Task> call)
    {
        try
        {
            await call(CollectorOf(number));
        }
        catch (Exception exception)
        {
            LogNotReached(_logger, number, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The collector of snapshot {Snapshot} could not be reached; it is tried again.")]
    private static partial void LogNotReached(ILogger logger, SnapshotNumber snapshot, Exception exception);
}
