using System.Diagnostics;
using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Takes and reads the snapshots of one application, from a client or a silo. <c>AddSnapshotClient</c> makes it a
/// service.
/// </summary>
/// <param name="grains">Where the grains are found.</param>
/// <param name="application">The application's name.</param>
/// <param name="serializer">Reads states and messages; needed only where no serializer of a type is given.</param>
public sealed partial class SnapshotClient(IGrainFactory grains, string application, Serializer? serializer = null)
{
    private const int ProcessesPerRead = 1000;

    /// <summary>
    /// How often a deletion is tried while the end of its snapshot is not known to the index; about 3 seconds.
    /// </summary>
    private const int MaxDeletions = 12;

    /// <summary>
    /// Who waits for an end looks again after this share of the time that has passed, so that it is told hardly late.
    /// </summary>
    private const double ShareOfWait = 1.0 / 16;
    private static readonly Backoff Deletions = new(5, 500);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The application's name.</summary>
    public string Application => application;

    private ISnapshotReader Reader => grains.Get<ISnapshotReader>(application);

    private StoredPages PagesOf(SnapshotSummary summary) => new(grains, application, summary.Number);

    private ISnapshotIndex Index => grains.Get<ISnapshotIndex>(application);

    /// <summary>Begins a snapshot, or finds the one that has the id; answers at once.</summary>
    /// <exception cref="ArgumentException">The request is not valid; the message says why.</exception>
    /// <exception cref="TooManySnapshotsException">The limit of open snapshots is reached.</exception>
    public Task<SnapshotSummary> BeginAsync(SnapshotRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate(); // Also before a call is made.
        return Index.BeginAsync(request);
    }

    /// <summary>
    /// Takes a snapshot: begins it, or finds the one that has the id, waits for its end, and reads it. Cancelling leaves
    /// it running.
    /// </summary>
    /// <exception cref="ArgumentException">The request is not valid; the message says why.</exception>
    /// <exception cref="TooManySnapshotsException">The limit of open snapshots is reached.</exception>
    /// <exception cref="SnapshotAbortedException">It was aborted.</exception>
    public async Task<GlobalState<TState, TMessage>> TakeAsync<TState, TMessage>(
        SnapshotRequest request, CancellationToken cancellationToken = default)
    {
        await BeginAsync(request);
        var view = await WaitAsync(request.Id, progress: null, cancellationToken);
        return view.Summary.Status == SnapshotStatus.Completed
            ? await ReadAsync<TState, TMessage>(view)
            : throw new SnapshotAbortedException(request.Id, view.Summary.Reason);
    }

    /// <summary>The snapshot of that id with its progress, or none.</summary>
    public async Task<SnapshotView?> GetAsync(SnapshotId id)
    {
        var summary = await Index.FindAsync(id);
        if (summary is null) return null;
        var view = await CollectorOf(summary).GetAsync();

        // The collector knows the end before the index does; before its start it knows nothing.
        if (view is null) return new SnapshotView(summary, new CollectionProgress(0, 0, 0, 0, []));
        return view with { Summary = view.Summary with { Pinned = summary.Pinned } }; // The index alone knows pins.
    }

    /// <summary>Waits for the end of a snapshot. Cancelling leaves it running.</summary>
    /// <exception cref="KeyNotFoundException">There is no snapshot of that id, or it was deleted meanwhile.</exception>
    public async Task<SnapshotView> WaitAsync(
        SnapshotId id, Action<SnapshotView>? progress, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            var view = await GetAsync(id) ?? throw new KeyNotFoundException($"there is no snapshot {id}");
            progress?.Invoke(view);
            if (view.Summary.Status != SnapshotStatus.Running) return view;
            var pause = Stopwatch.GetElapsedTime(startedAt) * ShareOfWait;
            await Task.Delay(pause < MinPause ? MinPause : pause < MaxPause ? pause : MaxPause, cancellationToken);
        }
    }

    /// <summary>The newest snapshots, newest first.</summary>
    public Task<SnapshotSummary[]> ListAsync(int limit) => Index.ListAsync(limit);

    /// <summary>
    /// Aborts a snapshot that runs; one that has ended stays as it is. False when there is none of that id.
    /// </summary>
    public async Task<bool> AbortAsync(SnapshotId id, string reason)
    {
        if (await Index.FindAsync(id) is not { } summary) return false;
        if (summary.Status == SnapshotStatus.Running) await CollectorOf(summary).AbortAsync(reason);
        return true;
    }

    /// <summary>Deletes an ended snapshot. False when it still runs.</summary>
    /// <exception cref="KeyNotFoundException">There is no snapshot of that id.</exception>
    /// <exception cref="SnapshotPinnedException">It is pinned.</exception>
    /// <exception cref="TimeoutException">
    /// It has ended, but its collector could not tell the index yet; it is to be tried again.
    /// </exception>
    public async Task<bool> DeleteAsync(SnapshotId id)
    {
        for (var attempt = 0; attempt < MaxDeletions; attempt++)
        {
            var summary = await Index.FindAsync(id) ?? throw new KeyNotFoundException($"there is no snapshot {id}");
            if (summary.Pinned) throw new SnapshotPinnedException(id);
            if (await Index.RemoveAsync(id)) return true;
            if (await CollectorOf(summary).GetAsync() is not { Summary.Status: not SnapshotStatus.Running }) return false;
            await Task.Delay(Deletions.Pause(attempt)); // The notice of its end is on the way.
        }

        throw new TimeoutException(
            $"snapshot {id} has ended, but the index has not heard of it yet: delete it again later");
    }

    /// <summary>
    /// Pins a snapshot, so that it is not deleted, or takes its pin away; answers how it stands then. None when there
    /// is none of that id.
    /// </summary>
    /// <exception cref="TooManySnapshotsException">As many are pinned as may be kept.</exception>
    public Task<SnapshotSummary?> PinAsync(SnapshotId id, bool isPinned) => Index.PinAsync(id, isPinned);

    /// <summary>The schedule by which the application takes snapshots itself; none if none is set.</summary>
    public Task<ScheduleView?> GetScheduleAsync() => Index.GetScheduleAsync();

    /// <summary>Sets the schedule, or clears it.</summary>
    /// <exception cref="ArgumentException">The schedule is not valid; the message says why.</exception>
    public Task SetScheduleAsync(SnapshotSchedule? schedule)
    {
        schedule?.Validate(); // Also before a call is made.
        return Index.SetScheduleAsync(schedule);
    }

    /// <summary>
    /// Stores a completed snapshot that was taken elsewhere, as if it had been taken here: its members, and its reports as
    /// they were stored there. It gets a number of this cluster, and keeps its id unless that is in use. A snapshot whose
    /// import does not end is dropped after a day; it can be deleted before.
    /// </summary>
    /// <param name="source">What it was elsewhere.</param>
    /// <param name="content">Members, or reports of <see cref="StatePayload"/>s and <see cref="Payload"/>s.</param>
    /// <param name="cancellationToken">Cancels the import.</param>
    /// <exception cref="TooManySnapshotsException">As many are being imported as may be.</exception>
    public async Task<SnapshotSummary> ImportAsync(
        SnapshotSummary source, IAsyncEnumerable<(ProcessId Member, Report? Report)> content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var summary = await Index.ImportAsync(source);
        var import = new SnapshotImport(grains, Application, summary.Number, summary.Epoch);
        await foreach (var (member, report) in content.WithCancellation(cancellationToken))
        {
            if (report is null) import.Add(member);
            else await import.AddAsync(report);
        }

        await import.CompleteAsync();
        return await Index.ImportedAsync(summary.Number, source.EndedAtMs ?? source.StartedAtMs, import.Bytes)
            ?? throw new InvalidOperationException($"snapshot {summary.Id} was deleted while it was imported");
    }

    /// <summary>The applications that the silos host, in ordinal order.</summary>
    public Task<string[]> ListApplicationsAsync() => Reader.ListApplicationsAsync();

    /// <summary>Whether a process is registered.</summary>
    public Task<bool> IsRegisteredAsync(ProcessId process) =>
        grains.Get<IDirectoryShard>(DirectoryKeys.ShardOf(application, process)).IsRegisteredAsync(process);

    /// <summary>Whether any process is registered.</summary>
    public async Task<bool> HasProcessesAsync()
    {
        var pages = await Task.WhenAll(Enumerable.Range(0, DirectoryKeys.ShardCount).Select(shard =>
            grains.Get<IDirectoryShard>(DirectoryKeys.Shard(application, shard)).ListAsync(offset: 0, limit: 1)));
        return pages.Any(page => page.Processes.Length > 0);
    }


    /// <summary>The present epoch: how many restores there were, and one.</summary>
    public async Task<Epoch> GetEpochAsync() => (await Index.GetAnnouncementAsync()).Epoch;

    /// <summary>Begins a restore of the whole application; answers when it is stored, and before it changes anything.</summary>
    /// <inheritdoc cref="ISnapshotIndex.BeginRestoreAsync" path="/exception"/>
    public Task<RestoreSummary> BeginRestoreAsync(RestoreRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate(); // Also before a call is made.
        return Index.BeginRestoreAsync(request);
    }

    /// <summary>The restore of that number with its progress, or none.</summary>
    public Task<RestoreView?> GetRestoreAsync(RestoreNumber number) => Index.FindRestoreAsync(number);

    /// <summary>The newest restores, newest first.</summary>
    public Task<RestoreSummary[]> ListRestoresAsync(int limit) => Index.ListRestoresAsync(limit);

    /// <summary>Aborts a restore that is not committed. False if it is; none if there is none of that number.</summary>
    public Task<bool?> AbortRestoreAsync(RestoreNumber number, string reason) => Index.AbortRestoreAsync(number, reason);

    /// <summary>Waits for the end of a restore. Cancelling leaves it running.</summary>
    /// <exception cref="KeyNotFoundException">There is no restore of that number.</exception>
    public async Task<RestoreSummary> WaitForRestoreAsync(
        RestoreNumber number, Action<RestoreView>? progress, CancellationToken cancellationToken)
    {
        for (var pause = MinPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            var view = await GetRestoreAsync(number) ?? throw new KeyNotFoundException($"there is no restore {number}");
            progress?.Invoke(view);
            if (!view.Summary.IsRunning) return view.Summary;
            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>Every process that the directory knows, in ordinal order.</summary>
    public async Task<IReadOnlyList<ProcessId>> ListProcessesAsync()
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, DirectoryKeys.ShardCount).Select(ListShardAsync));
        return [.. shards.SelectMany(processes => processes).Order()];
    }

    private async Task<List<ProcessId>> ListShardAsync(int shard)
    {
        var grain = grains.Get<IDirectoryShard>(DirectoryKeys.Shard(application, shard));
        var processes = new List<ProcessId>();
        while (true)
        {
            var page = await grain.ListAsync(processes.Count, ProcessesPerRead);
            if (page.Processes.Length == 0) return processes;
            processes.AddRange(page.Processes);
        }
    }

    private ISnapshotCollector CollectorOf(SnapshotSummary summary) =>
        grains.Get<ISnapshotCollector>(DirectoryKeys.Collector(application, summary.Number));
}
