using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One part of the collection of a snapshot: the host of a <see cref="CollectionPart{TState, TMessage}"/>.
/// </summary>
[Reentrant]
internal sealed class SnapshotPartGrain : Grain, ISnapshotPart
{
    /// <summary>How long a collector that knows all is kept waiting for news.</summary>
    private static readonly TimeSpan MaxWaitForNews = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the answers of one group are waited for before the next group is asked.</summary>
    private static readonly TimeSpan MaxWaitForAnswers = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly SiloStopping _stopping;
    private readonly CallFailures _failures;
    private readonly SnapshotStorage _storage;
    private readonly PartStore _store;
    private readonly PartDirectory _directory;
    private readonly CollectionPace _pace;
    private readonly string _application;
    private readonly SnapshotNumber _number;
    private readonly int _place;
    private CollectionPart<StatePayload, Payload>? _part;

    /// <summary>What is stored of the part is damaged: each call of it fails with the reason.</summary>
    private DamagedStateException? _damage;
    private MachineHost<PartWork>? _host;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long Version, bool IsHearing, bool IsOver) _told;
    private DateTimeOffset? _recordedAt;
    private bool _haveChannels;
    private (PartHead? Head, KeptPages Pages)? _kept;

    public SnapshotPartGrain(
        IServiceProvider services,
        IOptions<SnapshotsOptions> options,
        TimeProvider time,
        SiloStopping stopping,
        CallFailures failures)
    {
        _pace = CollectionPace.Default with
        {
            AsksAtATime = options.Value.MaxConcurrentAsks,
            FirstAskMs = options.Value.Markers == MarkerPolicy.Owed ? 0 : CollectionPace.Default.FirstAskMs,
        };
        _time = time;
        _stopping = stopping;
        _failures = failures;
        _storage = services.GetRequiredService<SnapshotStorage>();
        _store = new(_storage, GrainContext.GrainId);
        (_application, _number, _place) = DirectoryKeys.SplitPart(this.GetPrimaryKeyString());
        _directory = new(GrainFactory, _application, _place);
    }

    private CollectionPart<StatePayload, Payload> Part => _part ?? throw _damage ?? (Exception)new InvalidOperationException("the part is not activated");

    /// <summary>What the part refers to; of its head as it is stored now.</summary>
    private KeptPages Kept => _kept is { } kept && kept.Head == Part.Head
        ? kept.Pages
        : (_kept = (Part.Head, new(_storage, _directory, _number, Part.Head))).Value.Pages;

    private MachineHost<PartWork> Host => _host ?? throw _damage ?? (Exception)new InvalidOperationException("the part is not activated");

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        var life = (1L + RandomNumberGenerator.GetInt32(int.MaxValue)) << 24;
        var startedAt = _time.GetTimestamp();
        try
        {
            _part = await LoadAsync(life, startedAt);
        }
        catch (DamagedStateException damage)
        {
            _damage = damage;
            return;
        }

        _host = new(this, _time, startedAt, _part, PerformAsync, DeactivateOnIdle) { Stepped = Tell };
        _host.Poke();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _host?.Stop();
        _told.IsOver = true;
        _news.TrySetResult();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<PartView?> FollowAsync(Epoch epoch, long known)
    {
        Part.Start(epoch, Host.Now);
        Host.Poke();
        if (known == Part.Version || !Part.HasStarted) await WaitForNewsAsync();
        return View();
    }

    public Task AskFirstAsync(ProcessId initiator)
    {
        Part.AskFirst(initiator);
        Host.Poke();
        return Task.CompletedTask;
    }

    public async Task<ReportVerdict[]> AcceptAsync(ReportSurrogate[] reports)
    {
        var verdicts = Part.Accept(Array.ConvertAll(reports, report => report.FromWire()));
        return [.. await Host.DurableAsync(verdicts)];
    }

    public async Task<PartView?> ExchangeAsync(int[] from)
    {
        Part.Exchange(from);
        Host.Poke();
        while (Part.IsHearing && !_told.IsOver && !_stopping.Token.IsCancellationRequested) await WaitForNewsAsync();
        return View();
    }

    public Task<CountPage> TellAsync(int to, HeardCounts heard) => Task.FromResult(Part.Tell(to, heard));

    public Task ResolveAsync()
    {
        Part.Resolve();
        Host.Poke();
        return Task.CompletedTask;
    }

    public Task<PartPages> GetPagesAsync() => Task.FromResult(new PartPages(Part.MemberPages, Part.ReportPages) { Rests = Kept.Count });

    public Task<ProcessId[]> ReadMembersAsync(int page)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, Part.MemberPages);
        return _store.ReadMembersAsync(page);
    }

    public async Task<ReportSurrogate[]> ReadAsync(int page)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        if (page >= PartPages.FirstOfRests) return await Kept.ReadAsync(page - PartPages.FirstOfRests);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, Part.ReportPages);
        return await _store.ReadReportsAsync(page) ?? throw new InvalidOperationException($"page {page} of {this.GetPrimaryKeyString()} is gone");
    }

    public async Task ImportReportsAsync(int page, ReportSurrogate[] reports)
    {
        await RequireImportAsync(page);
        await _store.ImportAsync(page, reports);
    }

    public async Task ImportMembersAsync(Epoch epoch, int page, int pages, ProcessId[] members)
    {
        await RequireImportAsync(page);
        if (page > 0)
        {
            await _store.WriteAsync(new PartWork.WriteMembers(page, [.. members], Generation: 0));
            return;
        }

        await _store.WriteAsync(new PartHead(epoch, pages, [.. members]));
        DeactivateOnIdle(); // The next activation reads what is stored.
    }

    public Task EndAsync()
    {
        Part.End();
        Host.Poke();
        return Task.CompletedTask;
    }

    public Task DeleteAsync()
    {
        Part.Delete();
        return Host.DurableAsync(true);
    }

    private async Task RequireImportAsync(int page)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        if (!await GrainFactory.Get<ISnapshotIndex>(_application).IsImportingAsync(_number))
            throw new InvalidOperationException($"snapshot {_number} of {_application} is not being imported");
    }

    private async Task<CollectionPart<StatePayload, Payload>> LoadAsync(long life, long startedAt)
    {
        var head = await _store.ReadHeadAsync();
        var part = new CollectionPart<StatePayload, Payload>(_number, DirectoryKeys.Parts, _place, life, head, _pace, ReportForms.BytesOf);
        if (head is not { IsClaim: false }) return part;

        // It may be activated only to read what is stored of a snapshot that has ended.
        part.Learn((await _directory.AnnouncementAsync()).Announcement);
        var members = new List<ProcessId>();
        for (var page = 0; page < head.MemberPages && !part.HasEnded; page++) members.AddRange(await _store.ReadMembersAsync(page));
        part.Restore(members, MachineHost<PartWork>.At(_time, startedAt));
        while (await _store.ReadReportsAsync(part.ReportPages) is { } page) part.Restore(page.Select(report => report.FromWire()));
        return part;
    }

    private async Task PerformAsync(PartWork work)
    {
        try
        {
            switch (work)
            {
                case PartWork.Gather:
                    var (_, announcement) = await _directory.AnnouncementAsync();
                    Part.Learn(announcement);
                    if (!Part.HasEnded) Part.Gathered(await _directory.GatherAsync(_number, Part.Epoch, announcement));
                    return;
                case PartWork.Find find:
                    Part.Found(find.Processes, await Kept.FindAsync(find.Processes));
                    return;
                case PartWork.Probe probe:
                    Part.Probed(probe, await _store.ExistsAsync(probe));
                    return;
                case PartWork.Hear hear:
                    var teller = GrainFactory.Get<ISnapshotPart>(DirectoryKeys.Part(_application, _number, hear.From));
                    Part.Heard(await teller.TellAsync(_place, hear.Heard));
                    return;
                case PartWork.WriteMembers write:
                    await _store.WriteAsync(write);
                    break;
                case PartWork.WriteHead write:
                    await _store.WriteAsync(write.Head);
                    break;
                case PartWork.WriteReports write:
                    await _store.WriteAsync(write);
                    break;
                case PartWork.Drop:
                    await _directory.DropAsync(_number);
                    break;
                case PartWork.Clear clear:
                    await _store.ClearAsync(clear);
                    break;
                case PartWork.Look:
                    Part.Learn((await _directory.AnnouncementAsync()).Announcement);
                    break;
                case PartWork.Ask ask:
                    await AskAsync(ask);
                    break;
                default:
                    throw new InvalidOperationException($"{work} is not known");
            }

            Part.Completed(work, Host.Now);
        }
        catch (DamagedStateException damage) when (work is PartWork.Gather)
        {
            Part.CannotGather(damage.Message, Host.Now);
        }
        catch (DamagedStateException damage) when (work is PartWork.Find)
        {
            Part.CannotFind(damage.Message);
        }
        catch (Exception exception)
        {
            _failures.Note(work.GetType().Name, GrainContext.GrainId, exception);
            Part.Failed(work, Host.Now);
        }
    }

    /// <summary>
    /// Asks processes to record, which also brings them back, and their reports again; no answer is waited for long.
    /// </summary>
    private async Task AskAsync(PartWork.Ask ask)
    {
        using var span = SnapshotTracing.Start("ask", _application, _number)?.SetTag("snapshots.processes", ask.Processes.Length);
        var (epoch, announcement) = await _directory.AnnouncementAsync();
        var calls = Task.WhenAll(ask.Processes.Select(process => AskAsync(process, epoch, announcement)));
        await Task.WhenAny(calls, Task.Delay(MaxWaitForAnswers, _time));
    }

    private async Task AskAsync(ProcessId process, Epoch epoch, SnapshotAnnouncement announcement)
    {
        try
        {
            await (await _directory.GrainOfAsync(process)).RecordAsync(_number, epoch, announcement);
        }
        catch (Exception exception) when (exception is DamagedStateException or BlockedChannelException)
        {
            Part.CannotReport(process, exception.Message);
            Host.Poke();
        }
        catch (Exception exception)
        {
            _failures.Note("record", process, exception);
        }
    }

    /// <summary>
    /// What a part that is over would show stays true. But its collector is to turn to the next life at once.
    /// </summary>
    private PartView? View() =>
        _told.IsOver || _stopping.Token.IsCancellationRequested || !Part.HasStarted ? null : Part.View();

    private async Task WaitForNewsAsync() =>
        await _news.Task.WaitAsync(MaxWaitForNews, _time, _stopping.Token) // A silo waits for calls when it stops.
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>Adds the span from the last local state to the last channel state.</summary>
    private void Trace()
    {
        if (!SnapshotTracing.IsOn || _haveChannels || View() is not { Standing: { MissingProcesses: 0 } standing }) return;
        _recordedAt ??= _time.GetUtcNow();
        if (standing.OpenChannels > 0) return;
        _haveChannels = true;
        using var span = SnapshotTracing.Start("channels", _application, _number, _recordedAt.Value, _time.GetUtcNow());
        span?.SetTag("snapshots.part", _place).SetTag("snapshots.channels", standing.Progress.ChannelsExpected);
    }

    /// <summary>When something has changed, calls that wait for news go on.</summary>
    private void Tell()
    {
        Trace();
        var state = (Part.Version, Part.IsHearing, Part.IsOver);
        if (state == _told) return;
        _told = state;
        var news = _news;
        _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        news.SetResult();
    }
}
