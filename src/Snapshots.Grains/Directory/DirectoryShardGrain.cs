using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One shard of the directory: who exists, and who has frames under way. Processes are kept in pages that are rewritten only while they
/// fill, so that registering the n-th process costs no more than registering the first.
/// </summary>
[Reentrant]
internal sealed class DirectoryShardGrain : Grain, IDirectoryShard
{
    private const int ProcessesPerPage = 128;

    private readonly IGrainStorage _storage;
    private readonly List<Row<StoredDirectoryPage>> _pages = [];
    private readonly List<ProcessId> _processes = [];
    private readonly HashSet<ProcessId> _known = [];
    private readonly GroupCommit _commit;
    private readonly UnfinishedList _unfinished;
    private readonly GroupCommit _commitUnfinished;
    private readonly WakeRounds _rounds;
    private readonly string _application;
    private string _grainType = string.Empty;
    private int _persisted;
    private SnapshotAnnouncement _announcement = SnapshotAnnouncement.None;
    private Epoch _epoch;
    private long _wokenVersion = -1;

    public DirectoryShardGrain(
        IServiceProvider services, TimeProvider time, ILogger<DirectoryShardGrain> logger)
    {
        _storage = services.GetRequiredService<SnapshotStorage>();
        _commit = new GroupCommit(() => WriteAsync(WritePagesAsync));
        _unfinished = new UnfinishedList(_storage, GrainContext.GrainId);
        _commitUnfinished = new GroupCommit(() => WriteAsync(_unfinished.WriteAsync));
        _rounds = new WakeRounds(_unfinished, WakeAsync, notes => NoteAsync([.. notes]), time, logger);
        (_application, _) = DirectoryKeys.Split(this.GetPrimaryKeyString());
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await LearnAsync();
        for (var page = 0; ; page++)
        {
            var row = PageAt(page);
            await row.ReadAsync();
            if (!row.Exists) break;
            _pages.Add(row);
            if (!row.Value.Processes.IsEmpty) _grainType = row.Value.GrainType;
            foreach (var process in row.Value.Processes) Add(new ProcessId(process));
        }

        _persisted = _processes.Count;

        // (1) A silo is cut off, and a newcomer registers at the shard there; (2) this activation has read its page before. The
        // newcomer would be kept, and be known to nobody. So the page that is being filled is written, and nobody earlier can.
        await WritePageAsync(_persisted / ProcessesPerPage);
        await _unfinished.ReadAsync();
        await _unfinished.TakeOverAsync();
        _rounds.Start(); // Whatever ended the last activation may have cut its rounds short.
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _rounds.Stop();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<Registration> RegisterAsync(ProcessId process, GrainId grain)
    {
        if (Add(process))
        {
            _grainType = grain.Type.ToString() ?? string.Empty;
            await _commit.RequestAsync();
        }
        else if (_processes.Count > _persisted)
        {
            await _commit.RequestAsync(); // It may be one of those that are being written.
        }

        return new Registration(_epoch, _announcement);
    }

    public Task<ShardMark> MarkAsync(SnapshotAnnouncement announcement)
    {
        _announcement = _announcement.Merge(announcement);
        return Task.FromResult(new ShardMark(_persisted, _persisted > 0 ? _processes.Take(_persisted).Min() : default));
    }

    public Task<DirectoryPage> ListAsync(int offset, int limit) =>
        Task.FromResult(new DirectoryPage(_grainType, [.. _processes.Take(_persisted).Skip(offset).Take(limit)]));

    public Task NoteAsync(UnfinishedNote[] notes)
    {
        foreach (var note in notes) _unfinished.Take(note);

        // Also when nothing changes: an earlier call may be writing just this.
        return _commitUnfinished.RequestAsync();
    }

    public Task WakeAsync(long membershipVersion)
    {
        if (membershipVersion > _wokenVersion)
        {
            _wokenVersion = membershipVersion;
            _rounds.Start();
        }

        return Task.CompletedTask;
    }

    private Task<bool> WakeAsync(ProcessId process, long listing) =>
        GrainFactory.GetGrain<ISnapshotProcess>(GrainId.Create(_grainType, process.Value)).WakeAsync(listing);

    /// <summary>A snapshot's number is persisted before any shard is marked with it, so the index knows all that this shard must tell.</summary>
    private async Task LearnAsync()
    {
        var registration = await GrainFactory.GetGrain<ISnapshotIndex>(_application).GetAnnouncementAsync();
        _epoch = registration.Epoch;
        _announcement = _announcement.Merge(registration.Announcement);
    }

    private bool Add(ProcessId process)
    {
        if (!_known.Add(process)) return false;
        _processes.Add(process);
        return true;
    }

    /// <summary>What is in memory and not stored must not be answered for.</summary>
    private async Task WriteAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task WritePagesAsync()
    {
        while (_persisted < _processes.Count)
        {
            _persisted = await WritePageAsync(_persisted / ProcessesPerPage);
        }

        // (1) This activation is none any more, and does not know; (2) its successor is marked with a snapshot, and lists without the
        // newcomer; (3) the newcomer is registered here, and must hear of the snapshot all the same.
        await LearnAsync();
    }

    /// <summary>Answers up to which process all are written then.</summary>
    private async Task<int> WritePageAsync(int page)
    {
        var first = page * ProcessesPerPage;
        var last = Math.Min(first + ProcessesPerPage, _processes.Count);
        if (page == _pages.Count) _pages.Add(PageAt(page));
        await _pages[page].WriteAsync(new StoredDirectoryPage
        {
            GrainType = _grainType,
            Processes = [.. _processes[first..last].Select(process => process.Value)],
        });
        return last;
    }

    private Row<StoredDirectoryPage> PageAt(int page) =>
        new(_storage, string.Create(CultureInfo.InvariantCulture, $"page-{page}"), GrainContext.GrainId);
}
