using Microsoft.Data.Sqlite;
using Snapshots.Grains;

namespace Snapshots.Storage;

/// <summary>
/// One connection that reads, opened when it is first used. For one reader at a time. Each read sees everything that
/// was committed when it began: it is a transaction of its own, over before the method returns.
/// </summary>
internal sealed class ReadConnection(DataDirectory directory, TimeSpan busyTimeout) : IDisposable
{
    private SqliteConnection? _connection;
    private SqliteCommand? _read;
    private SqliteCommand? _readJournal;
    private SqliteCommand? _searchJournal;
    private SqliteCommand? _readTip;

    public StoredState? Read(StorageKey key) => Run(() =>
    {
        var command = _read!;
        command.Parameters[0].Value = key.StateName;
        command.Parameters[1].Value = key.GrainId;
        using var reader = command.ExecuteReader();
        return reader.Read() ? new StoredState(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    });

    public StoredJournal ReadJournal(string process) => Run(() =>
    {
        var journal = ReadJournal(_readJournal!, process);
        var stored = (journal.Checkpoint?.Number ?? 0) + journal.Entries.Length;
        return stored == journal.Tip ? journal : ReadJournal(_searchJournal!, process);
    });

    public long ReadTip(string process) => Run(() =>
    {
        _readTip!.Parameters[0].Value = process;
        return (long)_readTip.ExecuteScalar()!;
    });

    public void Dispose()
    {
        _read?.Dispose();
        _readJournal?.Dispose();
        _searchJournal?.Dispose();
        _readTip?.Dispose();
        _connection?.Dispose();
        _connection = null;
    }

    private static StoredJournal ReadJournal(SqliteCommand command, string process)
    {
        command.Parameters[0].Value = process;
        using var reader = command.ExecuteReader();
        long? tip = null;
        StoredEntry? checkpoint = null;
        var entries = new List<StoredEntry>();
        while (reader.Read())
        {
            var number = reader.GetInt64(1);
            switch (reader.GetInt32(0))
            {
                case 0: tip = number; break;
                case 1: checkpoint = new(number, reader.GetFieldValue<byte[]>(2)); break;
                default: entries.Add(new(number, reader.GetFieldValue<byte[]>(2))); break;
            }
        }

        entries.Sort((one, other) => one.Number.CompareTo(other.Number));
        return new StoredJournal(checkpoint, [.. entries], tip ?? 0);
    }

    private T Run<T>(Func<T> read)
    {
        try
        {
            if (_connection is null)
                Open();
            return read();
        }
        catch (SqliteException e)
        {
            // The next read starts with a new connection, whatever is wrong with this one.
            Dispose();
            throw new StorageUnavailableException(StorageErrors.Describe(e, directory), e);
        }
    }

    private void Open()
    {
        _connection = Connections.OpenToRead(directory, busyTimeout);
        _read = _connection.CreateCommand(Statements.Read, "$state", "$grain");
        _readJournal = _connection.CreateCommand(Statements.ReadJournal, "$process");
        _searchJournal = _connection.CreateCommand(Statements.SearchJournal, "$process");
        _readTip = _connection.CreateCommand(Statements.ReadTip, "$process");
    }
}
