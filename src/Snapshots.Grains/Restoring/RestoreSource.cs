using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// What the source of a restore has for one directory shard. In memory are the ids of its processes, and the messages
/// in transit to them; the local states are read page by page, as their processes apply them.
/// </summary>
/// <remarks>
/// All reports of a process are in one part of the collection, which has whole shards. Of reports that come twice the
/// first one counts, as everywhere.
/// </remarks>
internal sealed class RestoreSource
{
    /// <summary>Pages that are kept while their processes apply them, in the order of the pages.</summary>
    private const int PagesInMemory = 4;

    private readonly ISnapshotPart _part;
    private readonly Dictionary<string, int> _pages = [];
    private readonly Dictionary<string, Dictionary<string, ReportSurrogate>> _channels = [];
    private readonly LinkedList<(int Number, Task<Dictionary<string, ReportSurrogate>> Locals)> _read = [];
    private readonly int _shard;

    private RestoreSource(ISnapshotPart part, int shard) => (_part, _shard) = (part, shard);

    /// <summary>The processes with a local state, in the order in which they are best read.</summary>
    public IEnumerable<ProcessId> Processes => _pages.OrderBy(pair => pair.Value).Select(pair => new ProcessId(pair.Key));

    /// <summary>Looks through all reports of the part that has this shard.</summary>
    public static async Task<RestoreSource> OpenAsync(IGrainFactory grains, string application, SnapshotNumber snapshot, int shard)
    {
        var part = grains.Get<ISnapshotPart>(DirectoryKeys.Part(application, snapshot, shard % DirectoryKeys.PartCount));
        var source = new RestoreSource(part, shard);
        var pages = await part.GetPagesAsync();
        foreach (var page in Enumerable.Range(0, pages.Reports).Concat(Enumerable.Range(PartPages.FirstOfRests, pages.Rests)))
        {
            foreach (var report in await source.ReadAsync(page))
            {
                if (report.IsLocal()) source._pages.TryAdd(report.Process, page);
                else if (report.Messages.Length > 0) source.Add(report);
            }
        }

        return source;
    }

    /// <summary>The reports of a process: its local state first, then its channels by source; none if it has none.</summary>
    public async Task<ReportSurrogate[]> PartOfAsync(ProcessId process)
    {
        if (!_pages.TryGetValue(process.Value, out var page)) return [];
        var local = (await LocalsOf(page))[process.Value];
        return _channels.TryGetValue(process.Value, out var channels)
            ? [local, .. channels.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)]
            : [local];
    }

    private void Add(ReportSurrogate channel)
    {
        if (!_channels.TryGetValue(channel.Process, out var channels)) _channels.Add(channel.Process, channels = []);
        channels.TryAdd(channel.Source, channel);
    }

    private Task<Dictionary<string, ReportSurrogate>> LocalsOf(int page)
    {
        foreach (var read in _read)
        {
            if (read.Number == page && !read.Locals.IsFaulted) return read.Locals;
        }

        if (_read.Count == PagesInMemory) _read.RemoveFirst();
        return _read.AddLast((page, ReadLocalsAsync(page))).Value.Locals;
    }

    private async Task<Dictionary<string, ReportSurrogate>> ReadLocalsAsync(int page)
    {
        var locals = new Dictionary<string, ReportSurrogate>();
        foreach (var report in await ReadAsync(page))
        {
            if (report.IsLocal()) locals.TryAdd(report.Process, report);
        }

        return locals;
    }

    private async Task<IEnumerable<ReportSurrogate>> ReadAsync(int page) =>
        (await _part.ReadAsync(page)).Where(report => DirectoryKeys.Shards.PartOf(new(report.Process)) == _shard);
}
