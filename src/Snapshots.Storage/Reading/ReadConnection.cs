using Microsoft.Data.Sqlite;

namespace Snapshots.Storage;

/// <summary>
/// One connection that reads, opened when it is first used. For one reader at a time. Each read sees everything that
/// was committed when it began: it is a transaction of its own, over before the method returns.
/// </summary>
internal sealed class ReadConnection(DataDirectory directory, TimeSpan busyTimeout) : IDisposable
{
    private SqliteConnection? _connection;
    private SqliteCommand? _read;
    private SqliteCommand? _readUnfinished;

    public StoredState? Read(StorageKey key) => Run(() =>
    {
        var command = _read!;
        command.Parameters[0].Value = key.StateName;
        command.Parameters[1].Value = key.GrainId;
        using var reader = command.ExecuteReader();
        return reader.Read() ? new StoredState(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    });

    public IReadOnlyList<string> ReadUnfinished(string stateName, int limit, string? afterKey) => Run(() =>
    {
        var command = _readUnfinished!;
        command.Parameters[0].Value = stateName;
        command.Parameters[1].Value = afterKey ?? "";
        command.Parameters[2].Value = limit;
        using var reader = command.ExecuteReader();
        var page = new List<string>();
        while (reader.Read())
            page.Add(reader.GetString(0));
        return page;
    });

    public void Dispose()
    {
        _read?.Dispose();
        _readUnfinished?.Dispose();
        _connection?.Dispose();
        _connection = null;
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
        _readUnfinished = _connection.CreateCommand(Statements.ReadUnfinished, "$state", "$after", "$limit");
    }
}
