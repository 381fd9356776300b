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

    /// <summary>The members that the directory knew, page by page, in no order.</summary>
    public async IAsyncEnumerable<ProcessId[]> ReadMembersAsync(SnapshotNumber snapshot)
    {
        var places = await FindAsync(snapshot, part => part.Members);
        await foreach (var page in ReadAheadAsync(places, place => place.Part.ReadMembersAsync(place.Page))) yield return page;
    }

    /// <summary>The reports, in no order.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="renderer">Renders states and messages as JSON; none for them as they are stored.</param>
    public async IAsyncEnumerable<Report> ReadReportsAsync(SnapshotNumber snapshot, ISnapshotReader? renderer = null)
    {
        var places = await FindAsync(snapshot, part => part.Reports);
        var pages = ReadAheadAsync(places, place => renderer is null
            ? place.Part.ReadAsync(place.Page)
            : renderer.RenderAsync(snapshot, place.Number, place.Page));
        await foreach (var page in pages)
        {
            foreach (var report in page) yield return report.FromWire();
        }
    }

    /// <summary>Where the pages of all parts are: the first one of each, then the second ones.</summary>
    private async Task<PagePlace[]> FindAsync(SnapshotNumber snapshot, Func<PartPages, int> count)
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, DirectoryKeys.PartCount).Select(FindInPartAsync));
        return [.. parts.SelectMany(places => places).OrderBy(place => place.Page)];

        async Task<IEnumerable<PagePlace>> FindInPartAsync(int number)
        {
            var part = grains.GetGrain<ISnapshotPart>(DirectoryKeys.Part(application, snapshot, number));
            var pages = count(await part.GetPagesAsync());
            return Enumerable.Range(0, pages).Select(page => new PagePlace(part, number, page));
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

    /// <summary>Where a page is stored: the part, its number, and the page's number in it.</summary>
    private readonly record struct PagePlace(ISnapshotPart Part, int Number, int Page);
}
