using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Snapshots.Storage;

/// <summary>
/// The connection that writes, with its statements compiled once. Its steps are meant to be called between
/// <see cref="Begin"/> and <see cref="Commit"/>.
/// </summary>
internal sealed class WriteConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _readVersion;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _writeSequence;

    public WriteConnection(SqliteConnection connection)
    {
        _connection = connection;
        _begin = connection.CreateCommand("BEGIN IMMEDIATE");
        _commit = connection.CreateCommand("COMMIT");
        _readVersion = connection.CreateCommand(Statements.ReadVersion, "$state", "$grain");
        _insert = connection.CreateCommand(
            Statements.Insert, "$state", "$grain", "$version", "$payload");
        _update = connection.CreateCommand(
            Statements.Update, "$state", "$grain", "$version", "$payload", "$expected");
        _delete = connection.CreateCommand(Statements.Delete, "$state", "$grain", "$expected");
        _writeSequence = connection.CreateCommand(Statements.WriteSequence, "$version", "$owner");
        Journals = new JournalConnection(connection);
    }

    public SqliteConnection Connection => _connection;

    public JournalConnection Journals { get; }

    /// <summary>Also after an error: SQLite ends some failed transactions by itself.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public long ReadSequence() => _connection.QueryNumber(Statements.ReadSequence);

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback() => _connection.Execute("ROLLBACK");

    public long? ReadVersion(StorageKey key)
    {
        SetKey(_readVersion, key);
        return (long?)_readVersion.ExecuteScalar();
    }

    /// <returns>Whether there was no row before.</returns>
    public bool Insert(WriteRequest request, long version)
    {
        SetState(_insert, request, version);
        return _insert.ExecuteNonQuery() == 1;
    }

    /// <returns>Whether the row had the expected version.</returns>
    public bool Update(WriteRequest request, long version, long expectedVersion)
    {
        SetState(_update, request, version);
        _update.Parameters[4].Value = expectedVersion;
        return _update.ExecuteNonQuery() == 1;
    }

    /// <returns>Whether the row had the expected version.</returns>
    public bool Delete(StorageKey key, long expectedVersion)
    {
        SetKey(_delete, key);
        _delete.Parameters[2].Value = expectedVersion;
        return _delete.ExecuteNonQuery() == 1;
    }

    /// <returns>Whether the database still belongs to that owner.</returns>
    public bool WriteSequence(long lastVersion, long owner)
    {
        _writeSequence.Parameters[0].Value = lastVersion;
        _writeSequence.Parameters[1].Value = owner;
        return _writeSequence.ExecuteNonQuery() == 1;
    }

    /// <summary>Ends an open transaction by undoing it. The last connection to close also empties the log.</summary>
    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _readVersion.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _delete.Dispose();
        _writeSequence.Dispose();
        Journals.Dispose();
        _connection.Dispose();
    }

    private static void SetKey(SqliteCommand command, StorageKey key)
    {
        command.Parameters[0].Value = key.StateName;
        command.Parameters[1].Value = key.GrainId;
    }

    private static void SetState(SqliteCommand command, WriteRequest request, long version)
    {
        SetKey(command, request.Key);
        command.Parameters[2].Value = version;
        command.Parameters[3].Value = request.Payload;
    }
}
