using System.Globalization;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The rows of one collector: a head, pages of members, pages of reports.</summary>
internal sealed class CollectorStore(IGrainStorage storage, GrainId grain)
{
    public const int MembersPerPage = 1000;

    private readonly Row<StoredCollector> _head = new(storage, "collector", grain);

    public SnapshotSummary? Summary => _head.Value.Summary;

    public string GrainType => _head.Value.GrainType;

    public bool HasMembers => _head.Value.MemberPages > 0;

    public int MemberPages => _head.Value.MemberPages;

    public CollectionProgress? LastProgress => _head.Value.LastProgress;

    /// <summary>Report pages that are written. Pages are numbered from 0 without a gap, so the first that is missing ends them.</summary>
    public int ReportPages { get; private set; }

    public async Task ReadAsync()
    {
        await _head.ReadAsync();
        if (Summary is null) return;
        while (await ExistsAsync(ReportPages)) ReportPages++;
    }

    public Task WriteSummaryAsync(SnapshotSummary summary) => WriteHeadAsync(head => head.Summary = summary);

    public async Task WriteMembersAsync(IReadOnlyList<ProcessId> members, string grainType, SnapshotSummary summary)
    {
        var pages = members.Select(member => member.Value).Chunk(MembersPerPage).DefaultIfEmpty([]).ToList();
        for (var page = 0; page < pages.Count; page++)
        {
            var row = MembersAt(page);
            await row.ReadAsync(); // A crash after some pages leaves them behind; they are written anew.
            await row.WriteAsync(new StoredMembers { Processes = [.. pages[page]] });
        }

        await WriteHeadAsync(head =>
        {
            head.Summary = summary;
            head.GrainType = grainType;
            head.MemberPages = pages.Count;
        });
    }

    public async Task WriteReportsAsync(ReportSurrogate[] reports)
    {
        await ReportsAt(ReportPages).WriteAsync(new StoredReports { Reports = [.. reports] });
        ReportPages++;
    }

    /// <exception cref="InvalidOperationException">Another activation has written reports that this one has not read.</exception>
    public async Task RequireNoMorePagesAsync()
    {
        if (await ExistsAsync(ReportPages)) throw new InvalidOperationException($"another activation wrote page {ReportPages} of the reports");
    }

    public Task WriteEndAsync(SnapshotSummary summary, CollectionProgress? progress) => WriteHeadAsync(head =>
    {
        head.Summary = summary;
        head.LastProgress = progress;
    });

    public async Task<ProcessId[]> ReadMembersAsync(int page)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, MemberPages);
        var row = MembersAt(page);
        await row.ReadAsync();
        return [.. row.Value.Processes.Select(process => new ProcessId(process))];
    }

    public async Task<ReportSurrogate[]> ReadReportsAsync(int page)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, ReportPages);
        var row = ReportsAt(page);
        await row.ReadAsync();
        return [.. row.Value.Reports];
    }

    public async Task<List<ProcessId>> ReadAllMembersAsync()
    {
        var members = new List<ProcessId>();
        for (var page = 0; page < MemberPages; page++) members.AddRange(await ReadMembersAsync(page));
        return members;
    }

    /// <summary>Clears the head last, so that a crash in between can be cleared again.</summary>
    public async Task ClearAsync()
    {
        for (var page = ReportPages - 1; page >= 0; page--) await ClearAsync(ReportsAt(page));
        for (var page = 0; page < MemberPages; page++) await ClearAsync(MembersAt(page));
        await _head.ClearAsync();
        ReportPages = 0;
    }

    private static async Task ClearAsync<T>(Row<T> row)
        where T : class, new()
    {
        await row.ReadAsync();
        if (row.Exists) await row.ClearAsync();
    }

    private async Task<bool> ExistsAsync(int page)
    {
        var row = ReportsAt(page);
        await row.ReadAsync();
        return row.Exists;
    }

    private Task WriteHeadAsync(Action<StoredCollector> change)
    {
        var head = new StoredCollector
        {
            Summary = Summary,
            GrainType = GrainType,
            MemberPages = MemberPages,
            LastProgress = LastProgress,
        };
        change(head);
        return _head.WriteAsync(head);
    }

    private Row<StoredMembers> MembersAt(int page) => new(storage, Name("members", page), grain);

    private Row<StoredReports> ReportsAt(int page) => new(storage, Name("reports", page), grain);

    private static string Name(string kind, int page) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{page}");
}
