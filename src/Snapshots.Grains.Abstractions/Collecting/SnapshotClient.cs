using System.Collections.Immutable;
using System.Diagnostics;
using Orleans.Serialization;
using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Takes and reads the snapshots of one application, from a client or a silo. <c>AddSnapshotClient</c> makes it a
/// service.
/// </summary>
/// <param name="grains">Where the grains are found.</param>
/// <param name="application">The application's name.</param>
/// <param name="serializer">Reads states and messages; needed only where no serializer of a type is given.</param>
public sealed class SnapshotClient(IGrainFactory grains, string application, Serializer? serializer = null)
{
    private const int ProcessesPerRead = 1000;

    /// <summary>Pages that are read at the same time.</summary>
    private const int PagesAhead = 8;

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

    private ISnapshotReader Reader => grains.GetGrain<ISnapshotReader>(application);

    private ISnapshotIndex Index => grains.GetGrain<ISnapshotIndex>(application);

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
    /// Reads the global state of a completed snapshot, out of its reports: so its certificate is proven again by this
    /// very read.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate; the message says what is
    /// missing.
    /// </exception>
    public async Task<GlobalState<TState, TMessage>> ReadAsync<TState, TMessage>(
        SnapshotView view, Serializer<TState> states, Serializer<TMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(view);
        var summary = view.Summary;
        var stored = await AssembleAsync(summary, await MembersOfAsync(summary), ReadReportsAsync(summary));
        return Map(stored, state => states.Deserialize(state.Bytes)!, message => messages.Deserialize(message.Bytes)!);
    }

    /// <summary>
    /// Proves the certificate of a completed snapshot again, and shows each report as it is stored, one after the other.
    /// In memory are the counts of all processes, and the content of a page.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    public async Task ProveAsync(SnapshotSummary summary, Action<Report> look)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(look);
        await AssembleAsync(summary, await MembersOfAsync(summary), LookAsync());

        async IAsyncEnumerable<Report> LookAsync()
        {
            await foreach (var report in ReadReportsAsync(summary))
            {
                look(report);
                yield return WithoutContent(report);
            }
        }
    }

    /// <summary>
    /// Reads a completed snapshot piece by piece, for a state larger than memory: each process, and each channel with
    /// messages in transit, is handed over once, in no order. Nothing is proven until the task has completed.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    public async Task ReadAsync<TState, TMessage>(
        SnapshotView view,
        Serializer<TState> states,
        Serializer<TMessage> messages,
        Action<ProcessState<TState>> takeProcess,
        Action<ChannelState<TMessage>> takeChannel)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(takeProcess);
        ArgumentNullException.ThrowIfNull(takeChannel);
        var (seen, later) = (new HashSet<ChannelId>(), new List<Report>());
        ArgumentNullException.ThrowIfNull(view);
        var members = await MembersOfAsync(view.Summary);
        var state = await AssembleAsync(view.Summary, members, HandOverAsync());

        // A process that registered while the snapshot was taken may have reported and be no member.
        members = [.. state.Processes.Select(process => process.Id)];
        foreach (var report in later) TryHandOver(report);

        async IAsyncEnumerable<Report> HandOverAsync()
        {
            await foreach (var report in ReadReportsAsync(view))
            {
                if (seen.Add(PlaceOf(report)) && !TryHandOver(report)) later.Add(report);
                yield return WithoutContent(report);
            }
        }

        bool TryHandOver(Report report)
        {
            if (report is LocalReport<StatePayload> local && members.Contains(local.Process))
            {
                takeProcess(new(local.Process, states.Deserialize(local.State.State.Bytes)!));
                return true;
            }

            if (report is not ChannelReport<Payload> channel) return report is not LocalReport<StatePayload>;
            if (!members.Contains(channel.Source) || !members.Contains(channel.Process)) return channel.Messages.IsEmpty;
            if (channel.Messages.IsEmpty) return true;
            var first = channel.DeliveredBefore.Value + 1;
            takeChannel(new(
                new(channel.Source, channel.Process),
                new(channel.DeliveredBefore.Value + channel.Messages.Length),
                channel.DeliveredBefore,
                [.. channel.Messages.Select((message, index) =>
                    new NumberedMessage<TMessage>(new(first + index), messages.Deserialize(message.Bytes)!))]));
            return true;
        }
    }

    /// <summary>As the overload with serializers, with the client's own.</summary>
    /// <exception cref="InvalidOperationException">
    /// The client has no serializer, the snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    public Task<GlobalState<TState, TMessage>> ReadAsync<TState, TMessage>(SnapshotView view) => serializer is null
        ? throw new InvalidOperationException("the client was made without a serializer: use AddSnapshotClient")
        : ReadAsync(view, serializer.GetSerializer<TState>(), serializer.GetSerializer<TMessage>());

    /// <summary>
    /// Reads the global state of a completed snapshot as JSON, without knowing a type of the application: a silo renders
    /// it, page by page. A state is one JSON value in UTF-8, a message one JSON object without its number.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    /// <exception cref="NotSupportedException">Something has no JSON form; the message says what.</exception>
    /// <param name="view">The snapshot.</param>
    /// <param name="takeFlight">
    /// Gets the last events of each process that has a flight recorder; more than once where a report is stored twice.
    /// </param>
    public async Task<GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> ReadRenderedAsync(
        SnapshotView view, Action<ProcessId, ImmutableArray<FlightEvent>>? takeFlight = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        var stored = await AssembleAsync(view.Summary, await MembersOfAsync(view.Summary), LookAsync());
        return Map(stored, state => state.Bytes, message => message.Bytes);

        async IAsyncEnumerable<Report> LookAsync()
        {
            await foreach (var report in ReadRenderedReportsAsync(view))
            {
                if (takeFlight is not null && report is LocalReport<StatePayload> { State.Flight: { IsDefaultOrEmpty: false } flight })
                    takeFlight(report.Process, flight);
                yield return report;
            }
        }
    }

    /// <summary>
    /// Runs the checks that the application declares, in a silo, on a completed snapshot; all if no name is given. The
    /// results are in ordinal order of their names.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The application declares no check of a name.</exception>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what is stored does not prove its certificate.
    /// </exception>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(SnapshotView view, params string[] names) =>
        await Reader.CheckAsync(view, names);

    /// <summary>The members of a snapshot that the directory knew, page by page, in no order.</summary>
    public async IAsyncEnumerable<ProcessId[]> ReadMembersAsync(SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var pages = await PagesOfAsync(view.Summary.Number, part => part.Members);
        await foreach (var page in ReadAheadAsync(pages, place => place.Part.ReadMembersAsync(place.Page))) yield return page;
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

    /// <summary>The reports that have come of a snapshot, in no order; of one that runs, those so far.</summary>
    public IAsyncEnumerable<Report> ReadReportsAsync(SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return ReadReportsAsync(view.Summary);
    }

    private async IAsyncEnumerable<Report> ReadReportsAsync(SnapshotSummary summary)
    {
        var pages = await PagesOfAsync(summary.Number, part => part.Reports);
        await foreach (var page in ReadAheadAsync(pages, place => place.Part.ReadAsync(place.Page)))
        {
            foreach (var report in page) yield return report.FromWire();
        }
    }

    /// <summary>
    /// The reports of a snapshot in the order of <see cref="ReadReportsAsync(SnapshotView)"/>, each state and message rendered as JSON
    /// in UTF-8, and without the memory of request keys.
    /// </summary>
    /// <exception cref="NotSupportedException">Something has no JSON form; the message says what.</exception>
    public async IAsyncEnumerable<Report> ReadRenderedReportsAsync(SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var snapshot = view.Summary.Number;
        var pages = await PagesOfAsync(snapshot, part => part.Reports);
        await foreach (var page in ReadAheadAsync(pages, place => Reader.RenderAsync(snapshot, place.Number, place.Page)))
        {
            foreach (var report in page) yield return report.FromWire();
        }
    }

    /// <summary>The applications that the silos host, in ordinal order.</summary>
    public Task<string[]> ListApplicationsAsync() => Reader.ListApplicationsAsync();

    /// <summary>Whether a process is registered.</summary>
    public Task<bool> IsRegisteredAsync(ProcessId process) =>
        grains.GetGrain<IDirectoryShard>(DirectoryKeys.ShardOf(application, process)).IsRegisteredAsync(process);

    /// <summary>Whether any process is registered.</summary>
    public async Task<bool> HasProcessesAsync()
    {
        var pages = await Task.WhenAll(Enumerable.Range(0, DirectoryKeys.ShardCount).Select(shard =>
            grains.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(application, shard)).ListAsync(offset: 0, limit: 1)));
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

    private static GlobalState<TState, TMessage> Map<TState, TMessage>(
        GlobalState<StatePayload, Payload> stored, Func<Payload, TState> state, Func<Payload, TMessage> message) => new(
        [.. stored.Processes.Select(process => new ProcessState<TState>(process.Id, state(process.State.State)))],
        [.. stored.Channels.Select(channel => new ChannelState<TMessage>(
            channel.Channel,
            channel.Sent,
            channel.Delivered,
            [.. channel.Messages.Select(each => new NumberedMessage<TMessage>(each.Number, message(each.Message)))]))]);

    private static ChannelId PlaceOf(Report report) =>
        new(report is ChannelReport<Payload> channel ? channel.Source : report.Process, report.Process);

    /// <summary>A report with its counts alone, which prove the certificate.</summary>
    private static Report WithoutContent(Report report) => report switch
    {
        LocalReport<StatePayload> local => local with { State = default },
        ChannelReport<Payload> channel => channel with { Messages = [.. new Payload[channel.Messages.Length]] },
        _ => report,
    };

    /// <summary>The members that the directory knew.</summary>
    private async Task<HashSet<ProcessId>> MembersOfAsync(SnapshotSummary summary)
    {
        if (summary.Status != SnapshotStatus.Completed)
            throw new InvalidOperationException($"snapshot {summary.Id} is not completed");
        var members = new HashSet<ProcessId>();
        var pages = await PagesOfAsync(summary.Number, part => part.Members);
        await foreach (var page in ReadAheadAsync(pages, place => place.Part.ReadMembersAsync(place.Page))) members.UnionWith(page);

        return members;
    }

    /// <summary>Puts the reports together and proves the certificate.</summary>
    private static async Task<GlobalState<StatePayload, Payload>> AssembleAsync(
        SnapshotSummary summary, HashSet<ProcessId> members, IAsyncEnumerable<Report> reports)
    {
        var assembly = new GlobalStateAssembly<StatePayload, Payload>(members);
        await foreach (var report in reports) assembly.Add(report);
        var (state, missing) = assembly.Assemble();
        if (Certificate.Check(state) is { IsEmpty: false } violations)
        {
            throw new InvalidOperationException(
                $"what is kept of snapshot {summary.Id} does not prove it: {violations[0]}");
        }

        // Nothing at all proves itself: rows that were deleted meanwhile would read as an empty state.
        if (!missing.IsEmpty || state.Processes.Length != summary.Processes)
        {
            throw new InvalidOperationException(
                $"what is kept of snapshot {summary.Id} is not all: {state.Processes.Length} of {summary.Processes} "
                + $"processes; without {string.Join(", ", missing.Take(CollectionProgress.MaxWaitingFor))}");
        }

        return state;
    }

    /// <summary>Reads pages in their order, the next ones while one is looked at.</summary>
    private static async IAsyncEnumerable<T> ReadAheadAsync<T>(PagePlace[] pages, Func<PagePlace, Task<T>> read)
    {
        var underWay = new Queue<Task<T>>();
        try
        {
            foreach (var page in pages)
            {
                underWay.Enqueue(read(page));
                if (underWay.Count == PagesAhead) yield return await underWay.Dequeue();
            }

            while (underWay.TryDequeue(out var next)) yield return await next;
        }
        finally
        {
            foreach (var unread in underWay) unread.Ignore();
        }
    }

    private async Task<List<ProcessId>> ListShardAsync(int shard)
    {
        var grain = grains.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(application, shard));
        var processes = new List<ProcessId>();
        while (true)
        {
            var page = await grain.ListAsync(processes.Count, ProcessesPerRead);
            if (page.Processes.Length == 0) return processes;
            processes.AddRange(page.Processes);
        }
    }

    /// <summary>The pages of all parts: the first one of each, then the second ones, since a part answers one by one.</summary>
    private async Task<PagePlace[]> PagesOfAsync(SnapshotNumber snapshot, Func<PartPages, int> count)
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, DirectoryKeys.PartCount).Select(ReadPartAsync));
        return [.. parts.SelectMany(pages => pages).OrderBy(place => place.Page)];

        async Task<IEnumerable<PagePlace>> ReadPartAsync(int number)
        {
            var part = grains.GetGrain<ISnapshotPart>(DirectoryKeys.Part(application, snapshot, number));
            var pages = count(await part.GetPagesAsync());
            return Enumerable.Range(0, pages).Select(page => new PagePlace(part, number, page));
        }
    }

    private ISnapshotCollector CollectorOf(SnapshotSummary summary) =>
        grains.GetGrain<ISnapshotCollector>(DirectoryKeys.Collector(application, summary.Number));

    /// <summary>Where a page is stored: the part, its number, and the page's number in it.</summary>
    private readonly record struct PagePlace(ISnapshotPart Part, int Number, int Page);
}
