using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One shard of the directory. Processes are kept in pages that are rewritten only while they fill, so that registering the n-th
/// process costs no more than registering the first.
/// </summary>
[Reentrant]
internal sealed partial class DirectoryShardGrain : Grain, IDirectoryShard
{
    private const int ProcessesPerPage = 128;

    private readonly IGrainStorage _storage;
    private readonly ILogger<DirectoryShardGrain> _logger;
    private readonly List<Row<StoredDirectoryPage>> _pages = [];
    private readonly List<ProcessId> _processes = [];
    private readonly HashSet<ProcessId> _known = [];
    private readonly GroupCommit _commit;
    private readonly string _application;
    private string _grainType = string.Empty;
    private int _persisted;
    private SnapshotAnnouncement _announcement = SnapshotAnnouncement.None;
    private Epoch _epoch;

    public DirectoryShardGrain(IServiceProvider services, IOptions<SnapshotsOptions> options, ILogger<DirectoryShardGrain> logger)
    {
        _logger = logger;
        _storage = services.GetRequiredKeyedService<IGrainStorage>(options.Value.StorageName);
        _commit = new GroupCommit(CommitAsync);
        (_application, _) = DirectoryKeys.Split(this.GetPrimaryKeyString());
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);

        // A snapshot's number is persisted before any shard is marked with it, so the index knows all that this shard must tell.
        var registration = await GrainFactory.GetGrain<ISnapshotIndex>(_application).GetAnnouncementAsync();
        _epoch = registration.Epoch;
        _announcement = registration.Announcement;
        for (var page = 0; ; page++)
        {
            var row = PageAt(page);
            await row.ReadAsync();
            if (!row.Exists) break;
            _pages.Add(row);
            _grainType = row.Value.GrainType;
            foreach (var process in row.Value.Processes) Add(new ProcessId(process));
        }

        _persisted = _processes.Count;
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

    public Task<int> MarkAsync(SnapshotAnnouncement announcement)
    {
        _announcement = _announcement.Merge(announcement);
        return Task.FromResult(_persisted);
    }

    public Task<DirectoryPage> ListAsync(int offset, int limit) =>
        Task.FromResult(new DirectoryPage(_grainType, [.. _processes.Take(_persisted).Skip(offset).Take(limit)]));

    public async Task WakeAsync()
    {
        foreach (var process in _processes.Take(_persisted).ToList())
        {
            try
            {
                await GrainFactory.GetGrain<ISnapshotProcess>(GrainId.Create(_grainType, process.Value)).WakeAsync();
            }
            catch (Exception exception)
            {
                LogNotWoken(_logger, process, exception); // A process that cannot be loaded keeps no other one asleep.
            }
        }
    }

    private bool Add(ProcessId process)
    {
        if (!_known.Add(process)) return false;
        _processes.Add(process);
        return true;
    }

    private async Task CommitAsync()
    {
        try
        {
            while (_persisted < _processes.Count)
            {
                var page = _persisted / ProcessesPerPage;
                var first = page * ProcessesPerPage;
                var last = Math.Min(first + ProcessesPerPage, _processes.Count);
                if (page == _pages.Count) _pages.Add(PageAt(page));
                await _pages[page].WriteAsync(new StoredDirectoryPage
                {
                    GrainType = _grainType,
                    Processes = [.. _processes[first..last].Select(process => process.Value)],
                });
                _persisted = last;
            }
        }
        catch
        {
            DeactivateOnIdle(); // What is in memory and not stored must not be answered for.
            throw;
        }
    }

    private Row<StoredDirectoryPage> PageAt(int page) =>
        new(_storage, string.Create(CultureInfo.InvariantCulture, $"page-{page}"), GrainContext.GrainId);

    [LoggerMessage(1, LogLevel.Error, "{Process} could not be woken.")]
    private static partial void LogNotWoken(ILogger logger, ProcessId process, Exception exception);
}
