using System.Globalization;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The rows of a keeper: its record, what is kept for each snapshot, and copies of rows of rests.</summary>
/// <param name="storage">The storage.</param>
/// <param name="keeper">The keeper; others read its rows, and do not write them.</param>
internal sealed class KeeperStore(IGrainStorage storage, GrainId keeper)
{
    private readonly Row<StoredKeeper> _record = new(storage, "keeper", keeper);

    /// <summary>Reads the record.</summary>
    public async Task<KeeperRecord> ReadAsync()
    {
        await _record.ReadAsync();
        return _record.Exists ? _record.Value.ToRecord() : KeeperRecord.Empty;
    }

    public Task WriteAsync(KeeperRecord record) => _record.WriteAsync(StoredKeeper.Of(record));

    /// <summary>Stores what is kept, under a number that was never used.</summary>
    public Task WriteAsync(KeptRests kept) => KeptAt(kept.Number).WriteAsync(StoredKept.Of(kept));

    /// <summary>What is kept under a number; none if it does not exist.</summary>
    public async Task<KeptRests?> ReadKeptAsync(long number)
    {
        var row = KeptAt(number);
        await row.ReadAsync();
        return row.Exists ? row.Value.ToKept() : null;
    }

    /// <summary>Stores a copy under a number that was never used.</summary>
    public Task WriteCopyAsync(int row, long copy, StoredRests rests) => CopyAt(row, copy).WriteAsync(rests);

    /// <summary>A copy of a row.</summary>
    /// <exception cref="DamagedStateException">It does not exist, or is damaged.</exception>
    public async Task<StoredRests> ReadCopyAsync(int row, long copy)
    {
        var copied = CopyAt(row, copy);
        await copied.ReadAsync();
        return copied.Exists ? copied.Value : throw new DamagedStateException(keeper, $"the copy {copy} of row {row} of its rests is missing");
    }

    public Task ClearKeptAsync(long number) => KeptAt(number).ClearIfExistsAsync();

    public Task ClearCopyAsync(int row, long copy) => CopyAt(row, copy).ClearIfExistsAsync();

    private Row<StoredKept> KeptAt(long number) => new(storage, string.Create(CultureInfo.InvariantCulture, $"kept-{number}"), keeper);

    private Row<StoredRests> CopyAt(int row, long copy) => new(storage, string.Create(CultureInfo.InvariantCulture, $"copy-{row}-{copy}"), keeper);
}
