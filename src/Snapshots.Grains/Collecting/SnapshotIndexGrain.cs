using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
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
    private Registration _registration = new(Epoch.First, SnapshotAnnouncement.None);
    private IReadOnlyList<SnapshotSummary> _running = [];
    private IGrainTimer? _supervision;

    public SnapshotIndexGrain(
        IServiceProvider services, IOptions<SnapshotsOptions> options, TimeProvider time, ILogger<SnapshotIndexGrain> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _row = new(services.GetRequiredKeyedService<IGrainStorage>(_options.StorageName), "index", GrainContext.GrainId);
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

    public Task WakeAsync() => Task.CompletedTask; // Activation has done it.

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
        var dropped = Oldest(stored.Snapshots, stored.Snapshots.Count + 1 - _options.KeepSnapshots);
        await SaveAsync(number.Value, [.. stored.Snapshots.Except(dropped), summary]);
        foreach (var old in dropped) CollectorOf(old).DeleteAsync().Ignore();
        StartSupervision();
        await CollectorOf(summary).StartAsync(summary);
        return summary;
    }

    public async Task EndAsync(SnapshotSummary summary)
    {
        var stored = _row.Value;
        if (Lookup(summary.Id) is not { Status: SnapshotStatus.Running } running || running.Number != summary.Number) return;
        await SaveAsync(stored.Highest, [.. stored.Snapshots.Select(each => each.Number == summary.Number ? summary : each)]);
    }

    public Task<SnapshotSummary?> FindAsync(SnapshotId id) => Task.FromResult(Lookup(id));

    public Task<SnapshotSummary[]> ListAsync(int limit) =>
        Task.FromResult(_row.Value.Snapshots.Reverse().Take(limit).ToArray());

    public async Task<bool> RemoveAsync(SnapshotId id)
    {
        if (Lookup(id) is not { } found || found.Status == SnapshotStatus.Running) return false;
        await SaveAsync(_row.Value.Highest, [.. _row.Value.Snapshots.Where(each => each.Number != found.Number)]);
        return true;
    }

    private static List<SnapshotSummary> Oldest(IReadOnlyList<SnapshotSummary> snapshots, int count) =>
        [.. snapshots.Where(each => each.Status != SnapshotStatus.Running).Take(Math.Max(count, 0))];

    private SnapshotSummary? Lookup(SnapshotId id) => _row.Value.Snapshots.FirstOrDefault(each => each.Id == id);

    private ISnapshotCollector CollectorOf(SnapshotSummary summary) =>
        GrainFactory.GetGrain<ISnapshotCollector>(DirectoryKeys.Collector(_application, summary.Number));

    private async Task SaveAsync(long highest, IReadOnlyList<SnapshotSummary> snapshots)
    {
        try
        {
            await _row.WriteAsync(new StoredIndex { Epoch = _row.Value.Epoch, Highest = highest, Snapshots = snapshots });
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

    /// <summary>While snapshots are open their collectors are kept running: each may have been lost with its silo.</summary>
    private void StartSupervision()
    {
        if (_registration.Announcement.Open.IsEmpty) return;
        _supervision ??= this.RegisterGrainTimer(
            SuperviseAsync, new GrainTimerCreationOptions(SupervisionPeriod, SupervisionPeriod) { Interleave = true, KeepAlive = true });
    }

    private async Task SuperviseAsync()
    {
        if (_running.Count == 0)
        {
            _supervision?.Dispose();
            _supervision = null;
        }

        foreach (var summary in _running)
        {
            try
            {
                await CollectorOf(summary).StartAsync(summary);
            }
            catch (Exception exception)
            {
                LogNotStarted(_logger, summary.Id, exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The collector of snapshot {Snapshot} could not be started; it is tried again.")]
    private static partial void LogNotStarted(ILogger logger, SnapshotId snapshot, Exception exception);
}
