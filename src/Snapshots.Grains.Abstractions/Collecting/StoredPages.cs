using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Reads the pages in which the parts of a collection are stored. Several are read at a time, of different parts where
/// it can be, since a part answers one by one.
/// </summary>
internal sealed class StoredPages(IGrainFactory grains, string application)
{
    /// <summary>Pages that are read at the same time.</summary>
    private const int PagesAhead = 8;

    /// <summary>The members that the directory knew and that may have been awake, page by page, in no order.</summary>
    public async IAsyncEnumerable<ProcessId[]> ReadAwakeMembersAsync(SnapshotNumber snapshot)
    {
        var places = await FindAsync(snapshot, pages => (pages.Members, 0));
        await foreach (var page in ReadAheadAsync(places, place => place.Part.ReadMembersAsync(place.Page))) yield return page;
    }

    /// <summary>The members that the directory knew, page by page, in no order.</summary>
    public async IAsyncEnumerable<ProcessId[]> ReadMembersAsync(SnapshotNumber snapshot)
    {
        await foreach (var page in ReadAwakeMembersAsync(snapshot)) yield return page;
        var places = await FindAsync(snapshot, pages => (0, pages.Rests), pages => pages.Reports);
        await foreach (var page in ReadAheadAsync(places, place => place.Part.ReadAsync(place.Page)))
        {
            yield return Array.ConvertAll(page, report => new ProcessId(report.Process));
        }
    }

    /// <summary>The reports, in no order.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="renderer">Renders states and messages as JSON; none for them as they are stored.</param>
    /// <param name="takeAtRest">
    /// Gets the processes that were at rest, each before its report: they are members, besides those that may have been
    /// awake.
    /// </param>
    public async IAsyncEnumerable<Report> ReadReportsAsync(
        SnapshotNumber snapshot, ISnapshotReader? renderer = null, Action<ProcessId>? takeAtRest = null)
    {
        var places = await FindAsync(snapshot, pages => (pages.Reports, pages.Rests));
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
    private async Task<PagePlace[]> FindAsync(
        SnapshotNumber snapshot, Func<PartPages, (int Own, int Rests)> count, Func<PartPages, int>? first = null)
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, DirectoryKeys.PartCount).Select(FindInPartAsync));
        return [.. parts.SelectMany(places => places).OrderBy(place => place.Page)];

        async Task<IEnumerable<PagePlace>> FindInPartAsync(int number)
        {
            var part = grains.GetGrain<ISnapshotPart>(DirectoryKeys.Part(application, snapshot, number));
            var pages = await part.GetPagesAsync();
            var (own, rests) = count(pages);
            return Enumerable.Range(first?.Invoke(pages) ?? 0, own + rests).Select(page => new PagePlace(part, number, page, IsRests: page >= own));
        }
    }

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

    /// <summary>Where a page is stored: the part, its number, the page's number in it, and whether its processes were at rest.</summary>
    private readonly record struct PagePlace(ISnapshotPart Part, int Number, int Page, bool IsRests);
}
