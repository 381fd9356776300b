using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The reports of processes at rest that a part of a snapshot refers to, as pages after its own. They are read where the
/// keepers have stored them; another snapshot may refer to the same rows.
/// </summary>
internal sealed class KeptPages(IGrainStorage storage, PartDirectory directory, SnapshotNumber snapshot, PartHead? head)
{
    /// <summary>Rows of one page.</summary>
    private const int RowsPerPage = 16;

    private readonly Dictionary<int, Task<(int Row, long Copy)[]>> _rows = [];

    /// <summary>How many pages there are.</summary>
    public int Count => head?.Rests.Sum(PagesOf) ?? 0;

    /// <summary>A page, from 0: what its processes report to the snapshot.</summary>
    /// <exception cref="DamagedStateException">Something of it is missing or damaged.</exception>
    public async Task<ReportSurrogate[]> ReadAsync(int page)
    {
        foreach (var rests in head!.Rests)
        {
            if (page >= PagesOf(rests))
            {
                page -= PagesOf(rests);
                continue;
            }

            var rows = (await RowsOf(rests)).Skip(page * RowsPerPage).Take(RowsPerPage);
            var store = StoreOf(rests.Shard);
            var read = await Task.WhenAll(rows.Select(row => store.ReadCopyAsync(row.Row, row.Copy)));
            return [.. read.SelectMany(ReportsOf)];
        }

        throw new ArgumentOutOfRangeException(nameof(page));
    }

    /// <summary>What those of some processes report that are at rest in the snapshot.</summary>
    public async Task<IEnumerable<LocalStateReport>> FindAsync(IEnumerable<ProcessId> processes)
    {
        var found = new List<LocalStateReport>();
        var shards = processes.GroupBy(DirectoryKeys.Shards.PartOf);
        foreach (var shard in shards.Where(shard => head!.Rests.Any(rests => rests.Shard == shard.Key)))
        {
            var copies = (await RowsOf(head!.Rests.Single(rests => rests.Shard == shard.Key))).ToDictionary(row => row.Row, row => row.Copy);
            foreach (var row in await directory.RestRowsOfAsync(shard.Key, [.. shard]))
            {
                if (!copies.TryGetValue(row.Key, out var copy)) continue;
                var reports = ReportsOf(await StoreOf(shard.Key).ReadCopyAsync(row.Key, copy));
                found.AddRange(reports.Select(report => (LocalStateReport)report.FromWire()).Where(report => row.Contains(report.Process)));
            }
        }

        return found;
    }

    private static int PagesOf(PartRests rests) => (rests.Rows + RowsPerPage - 1) / RowsPerPage;

    private KeeperStore StoreOf(int shard) => new(storage, directory.KeeperOf(shard).GetGrainId());

    /// <summary>A row may have processes that were awake in the snapshot, or in an epoch that was over.</summary>
    private IEnumerable<ReportSurrogate> ReportsOf(StoredRests row) => row.ToRow().Entries
        .Where(entry => entry.IsAtRestIn(head!.Epoch))
        .Select(entry => (entry.Report! with { Snapshot = snapshot }).ToWire());

    private Task<(int Row, long Copy)[]> RowsOf(PartRests rests)
    {
        if (!_rows.TryGetValue(rests.Shard, out var rows) || rows.IsFaulted) _rows[rests.Shard] = rows = ReadRowsAsync(rests);
        return rows;
    }

    private async Task<(int Row, long Copy)[]> ReadRowsAsync(PartRests rests)
    {
        var keeper = directory.KeeperOf(rests.Shard).GetGrainId();
        var kept = await new KeeperStore(storage, keeper).ReadKeptAsync(rests.Number)
            ?? throw new DamagedStateException(keeper, $"its list {rests.Number} of rests is missing");
        return [.. kept.Rows.Select((row, number) => (number, row.Copy)).Where(row => row.Copy > 0)];
    }
}
