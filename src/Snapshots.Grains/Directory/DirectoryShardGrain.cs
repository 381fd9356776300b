using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>One shard of the directory: does the I/O that its <see cref="DirectoryShard"/> asks for.</summary>
[Reentrant]
internal sealed partial class DirectoryShardGrain : Grain, IDirectoryShard
{
    /// <summary>Rows of processes at rest that are read at the same time.</summary>
    private const int RowsAtATime = 64;

    /// <summary>Views that are remembered while their rows are copied: the keeper does one at a time.</summary>
    private const int MaxViews = 4;

    private readonly IGrainStorage _storage;
    private readonly Waker _waker;
    private readonly TimeProvider _time;
    private readonly CallFailures _failures;
    private readonly ILogger<DirectoryShardGrain> _logger;
    private readonly List<Row<StoredDirectoryPage>> _pages = [];
    private readonly Row<StoredUnfinished>[] _rows;
    private readonly List<Row<StoredRests>> _rests = [];
    private readonly Row<StoredShardHead> _head;
    private readonly SnapshotApplications _applications;
    private readonly DurabilityWaiters _registrations = new();
    private readonly DurabilityWaiters _notes = new();
    private readonly DurabilityWaiters _marks = new();
    private readonly DurabilityWaiters _resting = new();
    private readonly DurabilityWaiters _awaking = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _application;
    private readonly int _number;
    private readonly int _maxByMessage;
    private readonly Queue<(long Number, RestView View)> _views = new();
    private long _lastView = (1L + RandomNumberGenerator.GetInt32(int.MaxValue)) << 24;
    private DirectoryShard? _shard;

    /// <summary>What is stored of the shard is damaged: each call of it fails with the reason.</summary>
    private DamagedStateException? _damage;

    private (SnapshotNumber Snapshot, RestoreSource Source)? _source;
    private IGrainTimer? _timer;

    public DirectoryShardGrain(
        IServiceProvider services,
        Waker waker,
        TimeProvider time,
        SnapshotApplications applications,
        IOptions<SnapshotsOptions> options,
        CallFailures failures,
        ILogger<DirectoryShardGrain> logger)
    {
        _maxByMessage = (int)Math.Ceiling(options.Value.MaxProcessesByMessage / (double)DirectoryKeys.ShardCount);
        _applications = applications;
        _waker = waker;
        _storage = services.GetRequiredService<SnapshotStorage>();
        (_time, _failures, _logger) = (time, failures, logger);
        (_application, var number) = DirectoryKeys.Split(this.GetPrimaryKeyString());
        _number = (int)number;
        _head = new(_storage, "head", GrainContext.GrainId);
        _rows = [.. Enumerable.Range(0, DirectoryShard.RegistryRows).Select(row => new Row<StoredUnfinished>(_storage, Name("unfinished", row), GrainContext.GrainId))];
    }

    private DirectoryShard Shard => _shard ?? throw _damage ?? (Exception)new InvalidOperationException($"{this.GetPrimaryKeyString()} is not loaded");

    private Instant Now => new(_time.GetTimestamp() / (_time.TimestampFrequency / 1000));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        try
        {
            _shard = await LoadAsync();
        }
        catch (DamagedStateException damage)
        {
            _damage = damage;
            return;
        }

        _timer = this.RegisterGrainTimer(
            () => Run(), new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        Run().Ignore();
        await _opened.Task.WaitAsync(cancellationToken);
    }

    private async Task<DirectoryShard> LoadAsync()
    {
        for (var page = PageAt(0); await TryReadAsync(page); page = PageAt(_pages.Count)) _pages.Add(page);
        await Task.WhenAll([_head.ReadAsync(), .. _rows.Select(row => row.ReadAsync())]);
        try
        {
            return new(
                DirectoryKeys.Shards,
                _number,
                [.. _pages.Select(page => page.Value.ToPage())],
                Enumerable.Range(0, _rows.Length).Where(row => _rows[row].Exists).ToDictionary(row => row, row => _rows[row].Value.ToRow()),
                _head.Exists ? _head.Value.ToHead() : null);
        }
        catch (FormatException exception)
        {
            throw new DamagedStateException(GrainContext.GrainId, exception.Message);
        }
    }

    public async Task<bool> IsRegisteredAsync(ProcessId process)
    {
        if (!Shard.IsRegistered(process)) await WaitAsync(_marks, Shard.Verify());
        return Shard.Admits(process) ? Shard.IsRegistered(process) : throw new RestoringException();
    }

    public Task<Gate> GetGateAsync() => Task.FromResult(Shard.Gate);

    public Task<ShardStanding> OrderAsync(ShardOrder order)
    {
        Shard.Obey(order);
        Run().Ignore();
        return Task.FromResult(Shard.Standing);
    }

    public Task<bool> IsReachableAsync(ProcessId process) => Shard.Admits(process)
        ? Task.FromResult(Shard.IsReachable(process, _maxByMessage))
        : throw new RestoringException();

    public async Task<Registration> RegisterAsync(ProcessId process, GrainId grain, bool isByMessage)
    {
        var registrations = Shard.Register(process, grain.Type.ToString() ?? string.Empty, isByMessage) ?? throw new RestoringException();
        if (Shard.StoredProcesses < registrations) await WaitAsync(_registrations, registrations);
        return Shard.Admits(process) ? new Registration(Shard.Gate.Epoch, Shard.Announcement) : throw new RestoringException();
    }

    public async Task<ShardMark> MarkAsync(SnapshotAnnouncement announcement)
    {
        await WaitAsync(_marks, Shard.Mark(announcement));
        var view = Shard.ViewRests();
        var number = view.Sums.Processes > 0 ? ++_lastView : 0; // Nobody at rest: there are no rows to read.
        if (number > 0) _views.Enqueue((number, view));
        if (_views.Count > MaxViews) _views.Dequeue();
        return new()
        {
            View = number,
            Epoch = view.Epoch,
            Members = view.Members,
            First = view.First,
            Awake = [.. view.Awake],
            Sums = view.Sums,
            Versions = [.. view.Versions],
        };
    }

    public Task<StoredRests[]> ReadRestsAsync(long view, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var known = _views.FirstOrDefault(each => each.Number == view).View
            ?? throw new InvalidOperationException($"{this.GetPrimaryKeyString()} does not know view {view}: mark it again");
        return Task.FromResult(Array.ConvertAll(rows, row => StoredRests.Of(
            known.Rows[row] ?? throw new InvalidOperationException($"nobody is at rest in row {row} of {this.GetPrimaryKeyString()}"))));
    }

    public async Task<int[]> RestRowsOfAsync(ProcessId[] processes)
    {
        if (Shard.RestRowsOf(processes).Any(row => row < 0)) await WaitAsync(_marks, Shard.Verify()); // This one may be stale.
        return [.. Shard.RestRowsOf(processes)];
    }

    public Task<DirectoryPage> ListAsync(int offset, int limit) =>
        Task.FromResult(new DirectoryPage(Shard.Kind, [.. Shard.List(offset, limit)]));

    public Task RestAsync(RestMark mark, ReportSurrogate report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var process = new ProcessId(report.Process);
        if (report.FromWire() is not LocalStateReport local) throw new ArgumentException("a process at rest reports a local state", nameof(report));
        var changes = Shard.Rest(new(process, mark, local)) ?? throw Unknown(process);
        return Shard.DurableRests >= changes ? Task.CompletedTask : WaitAsync(_resting, changes);
    }

    public async Task<SnapshotAnnouncement> AwakeAsync(ProcessId process, RestMark mark)
    {
        if (!Shard.IsOpenIn(mark.Epoch)) throw new RestoringException();
        await WaitAsync(_awaking, Shard.Awake(process, mark) ?? throw Unknown(process));
        return Shard.IsOpenIn(mark.Epoch) ? Shard.Announcement : throw new RestoringException();
    }

    public Task NoteAsync(UnfinishedNote[] notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        var revision = 0L;
        foreach (var note in notes) revision = Shard.Note(new(note.Process, new(note.Listing), note.Unfinished));
        return Shard.DurableNotes >= revision ? Task.CompletedTask : WaitAsync(_notes, revision);
    }

    public Task WakeAsync(long membershipVersion)
    {
        Shard.WakeAll(membershipVersion, Now);
        return Run();
    }

    private static InvalidOperationException Unknown(ProcessId process) => new($"{process} is not known to this activation");

    private Task WaitAsync(DurabilityWaiters waiters, long revision)
    {
        if (Shard.Failure is { } failure) throw new InvalidOperationException(failure);
        var durable = waiters.WaitAsync(revision);
        Run().Ignore();
        return durable;
    }

    /// <summary>Begins all work that there is, and returns at once.</summary>
    private Task Run()
    {
        while (Shard.TakeWork(Now) is { } work) PerformAsync(work).Ignore();
        if (Shard.TakeGivenUp() is var (count, first)) LogGivenUp(_logger, count, first);
        if (Shard.DueAt is { } due)
        {
            _timer?.Change(TimeSpan.FromMilliseconds(Math.Max(1, due.Milliseconds - Now.Milliseconds)), Timeout.InfiniteTimeSpan);
        }

        return Task.CompletedTask;
    }

    private async Task PerformAsync(ShardWork work)
    {
        await Task.Yield(); // The loop that hands out work goes on.
        try
        {
            switch (work)
            {
                case WriteShardWork write:
                    await Task.WhenAll([
                        WriteAsync(write.Head),
                        .. write.Pages.Select(page => WriteAsync(page.Number, page.Page)),
                        .. write.Rows.Select(row => WriteAsync(row.Number, row.Row)),
                        .. write.Rests.Select(row => WriteAsync(row.Number, row.Row))]);
                    Shard.Completed(write, Now);
                    break;
                case VerifyShardWork verify:
                    Shard.Completed(verify, await _rows[0].IsCurrentAsync());
                    break;
                case AskIndexWork ask:
                    var registration = await GrainFactory.Get<ISnapshotIndex>(_application).GetAnnouncementAsync();
                    Shard.Completed(ask, registration.Epoch, registration.Announcement);
                    break;
                case ReadRestsWork read:
                    Shard.Completed(read, await ReadRestsAsync(read.Rows));
                    break;
                case ReadSourceWork read:
                    var source = await RestoreSource.OpenAsync(GrainFactory, _application, read.Source, _number);
                    _source = (read.Source, source);
                    Shard.Completed(read, _applications.GrainTypeOf(_application, ServiceProvider), [.. source.Processes]);
                    break;
                case MemberWork member:
                    Shard.Completed(member, await CallAsync(member), Now);
                    break;
                default:
                    var wake = (WakeWork)work;
                    var hasWork = await GrainFactory
                        .Get<ISnapshotProcess>(GrainId.Create(Shard.Kind, wake.Process.Value)).WakeAsync(wake.Token.Value);
                    Shard.Completed(wake, hasWork, Now);
                    break;
            }
        }
        catch (DamagedStateException damage) when (work is ReadRestsWork)
        {
            (_damage, _shard) = (damage, null); // As if it had been found before the activation had begun.
            _opened.TrySetResult();
            return;
        }
        catch (Exception exception)
        {
            object target = work switch
            {
                WakeWork wake => wake.Process,
                MemberWork member => member.Process,
                _ => GrainContext.GrainId,
            };
            _failures.Note(work.GetType().Name, target, exception);
            Shard.Failed(work, exception.Message, Now);
        }

        if (Shard.Failure is { } failure)
        {
            Over(new InvalidOperationException(failure));
            return;
        }

        if (Shard.HasBegun) _opened.TrySetResult();
        _registrations.Release(Shard.StoredProcesses);
        _notes.Release(Shard.DurableNotes);
        _marks.Release(Shard.VerifiedMarks);
        _resting.Release(Shard.DurableRests);
        _awaking.Release(Shard.AnsweredAwakes);
        await Run();
    }

    /// <summary>
    /// What is in memory and not stored must not be answered for. The next activation goes on with the wake-ups that
    /// are left.
    /// </summary>
    private void Over(Exception exception)
    {
        _opened.TrySetException(exception);
        _registrations.Fail(exception);
        _notes.Fail(exception);
        _marks.Fail(exception);
        _resting.Fail(exception);
        _awaking.Fail(exception);
        _waker.StartLater(this.GetPrimaryKeyString());
        DeactivateOnIdle();
    }

    /// <summary>Has a member close, open, or apply its part; says what that was.</summary>
    private async Task<RestoreCounts> CallAsync(MemberWork work)
    {
        var process = GrainFactory.Get<ISnapshotProcess>(GrainId.Create(Shard.Kind, work.Process.Value));
        if (!work.Order.Applies)
        {
            await process.ObeyAsync(work.Order.Gate);
            return default;
        }

        if (_source is not var (snapshot, source) || snapshot != work.Order.Source) throw new InvalidOperationException("the source is not read");
        var part = await source.PartOfAsync(work.Process);
        if (!await process.RestoreAsync(work.Order.Gate, work.WasClosed, part)) return new(0, 0, 0, Damaged: 1);
        return part.Length == 0 ? new(0, 1, 0) : new(1, 0, part.Sum(report => report.Messages.Length));
    }

    private Task WriteAsync(ShardHead? head) => head is null ? Task.CompletedTask : _head.WriteAsync(StoredShardHead.Of(head));

    private Task WriteAsync(int number, ShardPage page)
    {
        if (number == _pages.Count) _pages.Add(PageAt(number));
        return _pages[number].WriteAsync(StoredDirectoryPage.Of(page));
    }

    private Task WriteAsync(int number, RegistryRow row) => _rows[number].WriteAsync(StoredUnfinished.Of(row));

    private async Task<Dictionary<int, RestRow>> ReadRestsAsync(int count)
    {
        var rows = Enumerable.Range(_rests.Count, count - _rests.Count).Select(RestsAt).ToArray();
        foreach (var some in rows.Chunk(RowsAtATime)) await Task.WhenAll(some.Select(row => row.ReadAsync()));
        _rests.AddRange(rows);
        return Enumerable.Range(0, count).Where(row => _rests[row].Exists).ToDictionary(row => row, row => _rests[row].Value.ToRow());
    }

    private Task WriteAsync(int number, RestRow row)
    {
        while (_rests.Count <= number) _rests.Add(RestsAt(_rests.Count));
        return _rests[number].WriteAsync(StoredRests.Of(row));
    }

    private Row<StoredRests> RestsAt(int number) => new(_storage, Name("rests", number), GrainContext.GrainId);

    private Row<StoredDirectoryPage> PageAt(int page) => new(_storage, Name("page", page), GrainContext.GrainId);

    private static async Task<bool> TryReadAsync(Row<StoredDirectoryPage> page)
    {
        await page.ReadAsync();
        return page.Exists;
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");

    [LoggerMessage(2, LogLevel.Error, "{Count} processes could not be woken, among them {Process}: their pending work waits for a caller or a frame.")]
    private static partial void LogGivenUp(ILogger logger, int count, ProcessId process);
}
