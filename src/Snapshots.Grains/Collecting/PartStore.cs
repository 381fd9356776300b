using System.Globalization;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The rows of one part of a collection: a head, pages of members, pages of reports.</summary>
internal sealed class PartStore(IGrainStorage storage, GrainId grain)
{
    public const int MembersPerPage = 1000;

    private readonly Row<StoredPart> _head = new(storage, "part", grain);

    /// <summary>Whether all members are kept.</summary>
    public bool HasMembers => _head.Value.Parts > 0;

    public Epoch Epoch => new(_head.Value.Epoch);

    public Partition Partition => new(_head.Value.Parts);

    public string GrainType => _head.Value.GrainType;

    public int MemberPages => _head.Value.MemberPages;

    /// <summary>Report pages that are written. Pages are numbered from 0 without a gap, so the first that is missing ends them.</summary>
    public int ReportPages { get; private set; }

    public async Task ReadAsync()
    {
        await _head.ReadAsync();
        if (!HasMembers) return;
        while (await ExistsAsync(ReportPages)) ReportPages++;
    }

    public async Task WriteMembersAsync(IReadOnlyList<ProcessId> members, string grainType, Epoch epoch, int parts)
    {
        var pages = members.Select(member => member.Value).Chunk(MembersPerPage).DefaultIfEmpty([]).ToList();
        for (var page = 0; page < pages.Count; page++)
        {
            var row = MembersAt(page);
            await row.ReadAsync(); // A crash after some pages leaves them behind; they are written anew.
            await row.WriteAsync(new StoredMembers { Processes = [.. pages[page]] });
        }

        await _head.WriteAsync(new StoredPart { Epoch = epoch.Value, Parts = parts, GrainType = grainType, MemberPages = pages.Count });
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
        if (_head.Exists) await _head.ClearAsync();
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

    private Row<StoredMembers> MembersAt(int page) => new(storage, Name("members", page), grain);

    private Row<StoredReports> ReportsAt(int page) => new(storage, Name("reports", page), grain);

    private static string Name(string kind, int page) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{page}");
}
