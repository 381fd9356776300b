using System.Globalization;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The rows of one part of a collection: a head, more pages of members, pages of reports.</summary>
internal sealed class PartStore(IGrainStorage storage, GrainId grain)
{
    private readonly Row<StoredPart> _head = new(storage, "part", grain);

    /// <summary>Reads the head; none if there is none.</summary>
    public async Task<PartHead?> ReadHeadAsync()
    {
        await _head.ReadAsync();
        return _head.Exists ? _head.Value.ToHead() : null;
    }

    /// <summary>Reads a page of members, from 0.</summary>
    public async Task<ProcessId[]> ReadMembersAsync(int page)
    {
        if (page == 0) return ToProcesses(_head.Value.Members);
        var row = MembersAt(page);
        await row.ReadAsync();
        if (!row.Exists) throw new DamagedStateException(grain, $"page {page} of its members is missing");
        return ToProcesses(row.Value.Processes);
    }

    /// <summary>Reads a page of reports; none if there is none.</summary>
    public async Task<ReportSurrogate[]?> ReadReportsAsync(int page)
    {
        var row = ReportsAt(page);
        await row.ReadAsync();
        return row.Exists ? [.. row.Value.Reports] : null;
    }

    public Task WriteAsync(PartHead head) => _head.WriteAsync(StoredPart.Of(head));

    public async Task WriteAsync(PartWork.WriteMembers work)
    {
        var row = MembersAt(work.Page);
        await row.ReadAsync(); // A crash after some pages leaves them behind; they are written again.
        if (!work.MayReplace(row.Value.Generation)) throw new InvalidOperationException($"a later activation of {grain} has written page {work.Page}");
        await row.WriteAsync(new() { Processes = [.. work.Members.Select(member => member.Value)], Generation = work.Generation });
    }

    public Task WriteAsync(PartWork.WriteReports work) =>
        ReportsAt(work.Page).WriteAsync(new() { Reports = [.. work.Reports.Select(report => report.ToWire())] });

    /// <summary>Writes a page of reports of an import, over what an earlier try has left.</summary>
    public async Task ImportAsync(int page, ReportSurrogate[] reports)
    {
        var row = ReportsAt(page);
        await row.ReadAsync();
        await row.WriteAsync(new() { Reports = [.. reports] });
    }

    public Task<bool> ExistsAsync(PartWork.Probe work) =>
        work.Row == PartRow.Members ? ExistsAsync(MembersAt(work.Page)) : ExistsAsync(ReportsAt(work.Page));

    public Task ClearAsync(PartWork.Clear work) => work.Row switch
    {
        PartRow.Head => _head.ClearIfExistsAsync(),
        PartRow.Members => MembersAt(work.Page).ClearIfExistsAsync(),
        _ => ReportsAt(work.Page).ClearIfExistsAsync(),
    };

    private static ProcessId[] ToProcesses(IEnumerable<string> names) => [.. names.Select(name => new ProcessId(name))];

    private static async Task<bool> ExistsAsync<T>(Row<T> row)
        where T : class, new()
    {
        await row.ReadAsync();
        return row.Exists;
    }

    private Row<StoredMembers> MembersAt(int page) => new(storage, Name("members", page), grain);

    private Row<StoredReports> ReportsAt(int page) => new(storage, Name("reports", page), grain);

    private static string Name(string kind, int page) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{page}");
}
