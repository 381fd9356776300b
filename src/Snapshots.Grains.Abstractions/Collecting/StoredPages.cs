using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Reads the pages in which the parts of one snapshot's collection are stored. Many are read at a time: one after the
/// other each would wait for all that the silo does meanwhile.
/// </summary>
internal sealed class StoredPages(IGrainFactory grains, string application, SnapshotNumber snapshot)
{
    /// <summary>Pages that are read at the same time.</summary>
    private const int PagesAhead = 32;

    private Task<PartPages[]>? _counts;

    /// <summary>The members that the directory knew and that may have been awake.</summary>
    public async Task<HashSet<ProcessId>> ReadAwakeMembersAsync()
    {
        var members = new HashSet<ProcessId>();
        var pages = ReadAheadAsync(await FindAsync(static pages => (0, pages.Members)), place => place.Part.ReadMembersAsync(place.Page));
        await foreach (var page in pages) members.UnionWith(page);
        return members;
    }

    /// <summary>The members that the directory knew, page by page, in no order.</summary>
    public async IAsyncEnumerable<ProcessId[]> ReadMembersAsync()
    {
        var awake = ReadAheadAsync(await FindAsync(static pages => (0, pages.Members)), place => place.Part.ReadMembersAsync(place.Page));
        await foreach (var page in awake) yield return page;
        var atRest = ReadAheadAsync(await FindAsync(static pages => (PartPages.FirstOfRests, pages.Rests)), place => place.Part.ReadAsync(place.Page));
        await foreach (var page in atRest) yield return Array.ConvertAll(page, report => new ProcessId(report.Process));
    }

    /// <summary>The reports, in no order.</summary>
    /// <param name="renderer">Renders states and messages as JSON; none for them as they are stored.</param>
    /// <param name="takeAtRest">
    /// Gets the processes that were at rest, each before its report: they are members, besides those that may have been
    /// awake.
    /// </param>
    public async IAsyncEnumerable<Report> ReadReportsAsync(ISnapshotReader? renderer = null, Action<ProcessId>? takeAtRest = null)
    {
        PagePlace[] places =
        [
            .. await FindAsync(static pages => (0, pages.Reports)),
            .. await FindAsync(static pages => (PartPages.FirstOfRests, pages.Rests)),
        ];
        var pages = ReadAheadAsync(places, async place => (place.IsRests, Reports: renderer is null
            ? await place.Part.ReadAsync(place.Page)
            : await renderer.RenderAsync(snapshot, place.Number, place.Page)));
        await foreach (var (isRests, reports) in pages)
        {
            foreach (var report in reports)
            {
                if (isRests) takeAtRest?.Invoke(new(report.Process));
                yield return report.FromWire();
            }
        }
    }

    /// <summary>Where the pages of all parts are: the first one of each, then the second ones.</summary>
    private async Task<PagePlace[]> FindAsync(Func<PartPages, (int First, int Count)> choose)
    {
        if (_counts is null or { IsFaulted: true }) _counts = CountAsync();
        var parts = await _counts;
        return [.. parts.SelectMany(PlacesOf).OrderBy(place => place.Page)];

        IEnumerable<PagePlace> PlacesOf(PartPages pages, int number)
        {
            var (first, count) = choose(pages);
            return Enumerable.Range(first, count).Select(page => new PagePlace(PartOf(number), number, page));
        }
    }

    private Task<PartPages[]> CountAsync() =>
        Task.WhenAll(Enumerable.Range(0, DirectoryKeys.PartCount).Select(number => PartOf(number).GetPagesAsync()));

    private ISnapshotPart PartOf(int number) => grains.Get<ISnapshotPart>(DirectoryKeys.Part(application, snapshot, number));

    /// <summary>Reads pages in their order, the next ones while one is looked at.</summary>
    private static async IAsyncEnumerable<T> ReadAheadAsync<T>(PagePlace[] places, Func<PagePlace, Task<T>> read)
    {
        var underWay = new Queue<Task<T>>();
        try
        {
            foreach (var place in places)
            {
                underWay.Enqueue(read(place));
                if (underWay.Count == PagesAhead) yield return await underWay.Dequeue();
            }

            while (underWay.TryDequeue(out var next)) yield return await next;
        }
        finally
        {
            foreach (var unread in underWay) unread.Ignore();
        }
    }

    /// <summary>
    /// Where a page is stored: the part, its number, the page's number in it; of reports, whether its processes were at rest.
    /// </summary>
    private readonly record struct PagePlace(ISnapshotPart Part, int Number, int Page)
    {
        public bool IsRests => Page >= PartPages.FirstOfRests;
    }
}
