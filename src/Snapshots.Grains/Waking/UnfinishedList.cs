using System.Globalization;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The processes of one shard that have frames under way, in several rows, so that one of them coming or going rewrites little. Used from
/// its grain's scheduler only.
/// </summary>
internal sealed class UnfinishedList
{
    private const int RowCount = 16;

    private readonly Row<StoredUnfinished>[] _rows;
    private readonly SortedDictionary<ProcessId, long>[] _listings = [.. Enumerable.Range(0, RowCount).Select(_ => new SortedDictionary<ProcessId, long>())];
    private readonly bool[] _changed = new bool[RowCount];

    public UnfinishedList(IGrainStorage storage, GrainId grain) => _rows = [.. Enumerable.Range(0, RowCount).Select(row =>
        new Row<StoredUnfinished>(storage, string.Create(CultureInfo.InvariantCulture, $"unfinished-{row}"), grain))];

    /// <summary>Who is listed, also what is not written yet.</summary>
    public IReadOnlyList<(ProcessId Process, long Listing)> All =>
        [.. _listings.SelectMany(listings => listings).Select(entry => (entry.Key, entry.Value))];

    public async Task ReadAsync()
    {
        await Task.WhenAll(_rows.Select(row => row.ReadAsync()));
        for (var row = 0; row < RowCount; row++)
        {
            var stored = _rows[row].Value;
            for (var index = 0; index < stored.Processes.Length; index++) _listings[row].Add(new(stored.Processes[index]), stored.Listings[index]);
        }
    }

    /// <summary>
    /// Writes every row, so that no earlier activation of the grain can: (1) a silo is cut off, and a process there lists itself at
    /// the shard there; (2) the shard's next activation has read the rows before. The listing would be kept, and not be known to it.
    /// </summary>
    public Task TakeOverAsync()
    {
        Array.Fill(_changed, value: true);
        return WriteAsync();
    }

    public bool Contains(ProcessId process, long listing) =>
        _listings[RowOf(process)].TryGetValue(process, out var present) && present == listing;

    /// <summary>False when it changes nothing: the end of a listing that is not the present one.</summary>
    public bool Take(UnfinishedNote note)
    {
        if (Contains(note.Process, note.Listing) == note.Unfinished) return false;
        var row = RowOf(note.Process);
        if (note.Unfinished) _listings[row][note.Process] = note.Listing;
        else _listings[row].Remove(note.Process);
        _changed[row] = true;
        return true;
    }

    /// <summary>Writes what has changed; the caller has no other write under way. If it fails, memory is not to be trusted.</summary>
    public Task WriteAsync() => Task.WhenAll(Enumerable.Range(0, RowCount).Where(row => _changed[row]).Select(WriteAsync));

    private static int RowOf(ProcessId process) => (int)(Partition.Hash(process) / DirectoryKeys.ShardCount % RowCount);

    private async Task WriteAsync(int row)
    {
        _changed[row] = false;
        try
        {
            await _rows[row].WriteAsync(new StoredUnfinished
            {
                Processes = [.. _listings[row].Keys.Select(process => process.Value)],
                Listings = [.. _listings[row].Values],
            });
        }
        catch
        {
            // (1) A listing is being written, slowly; (2) its note comes again, changes nothing, and waits for the next write; (3) the
            // first one fails. Were the row not changed any more, the next one would write nothing, and answer the note.
            _changed[row] = true;
            throw;
        }
    }
}
