using Snapshots.Grains;

namespace Snapshots.Storage;

/// <summary>
/// Journals in the database of a SQLite grain storage, written by the same thread in the same transactions. A refused
/// write leaves the others of its group alone.
/// </summary>
internal sealed class SqliteProcessJournals(SqliteGrainStorage storage) : IProcessJournals
{
    public IProcessJournal Open(GrainId process) => new Journal(storage, process);

    private sealed class Journal(SqliteGrainStorage storage, GrainId process) : IProcessJournal
    {
        private readonly string _name = process.ToString();

        public bool TakesEntries => true;

        public Task<StoredJournal> ReadAsync() => storage.Store.ReadJournalAsync(_name);

        public Task AppendAsync(long number, ReadOnlyMemory<byte> entry)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 2);
            return WriteAsync(WriteKind.Append, number, entry);
        }

        public Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
            return WriteAsync(WriteKind.Replace, number, checkpoint);
        }

        public Task<long> ReadTipAsync() => storage.Store.ReadTipAsync(_name);

        private Task<long?> WriteAsync(WriteKind kind, long number, ReadOnlyMemory<byte> content) =>
            storage.Store.WriteAsync(
                WriteRequest.Journal(kind, _name, number - 1, storage.Payload("journal", process, content)));
    }
}
