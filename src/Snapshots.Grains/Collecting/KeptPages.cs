using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The reports of processes at rest that a part of a snapshot refers to, as pages after its own. They are read where the
/// keepers have stored them; another snapshot may refer to the same rows.
/// </summary>
internal sealed class KeptPages(IGrainStorage storage, PartDirectory directory, SnapshotNumber snapshot, PartHead? head)
{
    /// <summary>Rows of one page, which are read at the same time: 128 reports of at most 64 KiB.</summary>
    private const int RowsPerPage = 4;

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
    public async Task<List<LocalStateReport>> FindAsync(IEnumerable<ProcessId> processes)
    {
        var atRest = new List<LocalStateReport>();
        foreach (var shard in processes.GroupBy(DirectoryKeys.Shards.PartOf))
        {
            var rows = (await directory.RestRowsOfAsync(shard.Key, [.. shard])).ToList();
            if (head!.Rests.SingleOrDefault(rests => rests.Shard == shard.Key) is not { } kept) continue;
            var copies = (await RowsOf(kept)).ToDictionary(row => row.Row, row => row.Copy);
            foreach (var some in rows.Where(row => copies.ContainsKey(row.Key)).Chunk(RowsPerPage))
            {
                var read = await Task.WhenAll(some.Select(row => StoreOf(shard.Key).ReadCopyAsync(row.Key, copies[row.Key])));
                var reports = read.SelectMany(ReportsOf).Select(report => (LocalStateReport)report.FromWire());
                atRest.AddRange(reports.Where(report => some.Any(row => row.Contains(report.Process))));
            }
        }

        return atRest;
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
