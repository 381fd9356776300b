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

    public StoredState? Read(StorageKey key) => Run(() =>
    {
        var command = _read!;
        command.Parameters[0].Value = key.StateName;
        command.Parameters[1].Value = key.GrainId;
        using var reader = command.ExecuteReader();
        return reader.Read() ? new StoredState(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    });

    public void Dispose()
    {
        _read?.Dispose();
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
    }
}
