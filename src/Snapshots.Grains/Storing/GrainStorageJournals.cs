using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Snapshots.Grains;

/// <summary>
/// Journals on any grain storage: one row per process, which every write replaces whole. Simple, correct, and slow: a
/// write costs as much as the process is large. Storages that have journals of their own are used through those.
/// </summary>
/// <remarks>
/// The row has the number (8 bytes, little-endian) and then the content. The row's etag is the fence where two
/// activations write at once; the number refuses what was read before.
/// </remarks>
internal sealed partial class GrainStorageJournals(SnapshotStorage storage, ILogger<GrainStorageJournals> logger)
    : IProcessJournals
{
    /// <summary>Rows above this are worth a storage with journals. Bytes.</summary>
    public const int LargeRow = 256 * 1024;

    private const string RowName = "journal";

    private readonly ConcurrentDictionary<GrainId, bool> _warned = new();

    public IProcessJournal Open(GrainId process) => new Journal(this, process);

    private Row<StoredRow> RowOf(GrainId process) => new(storage, RowName, process);

    private void WarnIfLarge(GrainId process, int bytes)
    {
        if (bytes > LargeRow && _warned.TryAdd(process, true)) LogLargeRow(logger, process, bytes);
    }

    private static long NumberOf(Row<StoredRow> row) => row.Value.Content.Length < sizeof(long)
        ? 0
        : BinaryPrimitives.ReadInt64LittleEndian(row.Value.Content);

    private sealed class Journal(GrainStorageJournals journals, GrainId process) : IProcessJournal
    {
        private readonly Row<StoredRow> _row = journals.RowOf(process);

        public bool TakesEntries => false;

        public async Task<StoredJournal> ReadAsync()
        {
            await _row.ReadAsync();
            if (!_row.Exists) return StoredJournal.None;
            var content = _row.Value.Content;
            if (content.Length < sizeof(long))
                throw new DamagedStateException(process, $"its row has only {content.Length} bytes");
            return new(new StoredEntry(NumberOf(_row), content.AsMemory(sizeof(long))), [], null);
        }

        public Task AppendAsync(long number, ReadOnlyMemory<byte> entry) =>
            throw new NotSupportedException("A grain storage stores whole checkpoints only.");

        public async Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
            if (NumberOf(_row) != number - 1) throw JournalConflict.Of(process, NumberOf(_row), number);
            var content = GC.AllocateUninitializedArray<byte>(sizeof(long) + checkpoint.Length);
            BinaryPrimitives.WriteInt64LittleEndian(content, number);
            checkpoint.Span.CopyTo(content.AsSpan(sizeof(long)));
            await _row.WriteAsync(new StoredRow { Content = content });
            journals.WarnIfLarge(process, content.Length);
        }

        public async Task<long> ReadTipAsync()
        {
            var row = journals.RowOf(process);
            await row.ReadAsync();
            return NumberOf(row);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "{Process} has {Bytes} bytes, and each of its writes stores them all: use a storage with process journals, "
            + "SQLite or Redis.")]
    private static partial void LogLargeRow(ILogger logger, GrainId process, int bytes);
}
