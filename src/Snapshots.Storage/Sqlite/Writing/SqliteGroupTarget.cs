using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Snapshots.Storage;

/// <summary>Commits groups to the database, and mends its connection after an error.</summary>
internal sealed class SqliteGroupTarget : IGroupTarget
{
    private readonly DataDirectory _directory;
    private readonly TimeSpan _busyTimeout;
    private readonly JournalSweep _sweep = new();
    private WriteConnection? _connection;

    /// <summary>
    /// The highest version given out. Not taken back when a group fails: the commit may have reached the disk, and its
    /// versions must not be used again for other writes. What is read after an error has them, too, as far as SQLite
    /// tells the truth about a commit that it said had failed.
    /// </summary>
    private long _lastVersion;

    /// <exception cref="StorageUnavailableException">The database cannot be opened.</exception>
    public SqliteGroupTarget(DataDirectory directory, TimeSpan busyTimeout)
    {
        _directory = directory;
        _busyTimeout = busyTimeout;
        try
        {
            _connection = Open();
        }
        catch (SqliteException e)
        {
            throw new StorageUnavailableException(StorageErrors.Describe(e, directory), e);
        }
    }

    /// <summary>The connection in use, for tests that break it; null until the next group after an error.</summary>
    internal SqliteConnection? Connection => _connection?.Connection;

    public void Commit(IReadOnlyList<WriteRequest> group)
    {
        try
        {
            _connection ??= Open();
            _connection.Begin();
            foreach (var request in group)
                request.Decide(Apply(_connection, request));
            _sweep.Run(_connection.Journals);
            // In every group, also one of conflicts and probes only: so that each one that succeeds did write.
            if (!_connection.WriteSequence(_lastVersion, _directory.Owner)) throw Disowned();
            _connection.Commit();
        }
        catch (Exception e)
        {
            Recover(e);
            if (e is SqliteException error)
                throw new StorageUnavailableException(StorageErrors.Describe(error, _directory), e);
            throw;
        }
    }

    public void Dispose() => _connection?.Dispose();

    /// <summary>
    /// Another silo has opened the database, on a file system whose locks do not work. What grains of this silo have
    /// read may be outdated, so nothing is written from then on.
    /// </summary>
    private StorageUnavailableException Disowned() => new(
        $"Another silo has opened the database {_directory.DatabasePath}; this one writes nothing more, and must be "
            + "stopped.");

    private WriteOutcome Apply(WriteConnection connection, WriteRequest request) => request.Kind switch
    {
        WriteKind.Put => Put(connection, request),
        WriteKind.Delete => Delete(connection, request),
        WriteKind.Append or WriteKind.Replace => WriteJournal(connection.Journals, request),
        _ => default,
    };

    private WriteOutcome Put(WriteConnection connection, WriteRequest request)
    {
        var version = _lastVersion + 1;
        var done = request.ExpectedVersion is { } expected
            ? connection.Update(request, version, expected)
            : connection.Insert(request, version);
        if (!done)
            return new WriteOutcome(connection.ReadVersion(request.Key), IsConflict: true);

        _lastVersion = version;
        return new WriteOutcome(version, IsConflict: false);
    }

    private WriteOutcome WriteJournal(JournalConnection journals, WriteRequest request)
    {
        var number = request.ExpectedVersion!.Value + 1;
        if (!journals.Write(request, number))
            return new WriteOutcome(journals.ReadTip(request.Key.GrainId), IsConflict: true);

        _sweep.Written();
        return new WriteOutcome(number, IsConflict: false);
    }

    private static WriteOutcome Delete(WriteConnection connection, WriteRequest request)
    {
        if (connection.Delete(request.Key, request.ExpectedVersion ?? ETag.Foreign))
            return default;

        // What the caller wants gone may be gone already, for example by its own clear whose answer was lost.
        var stored = connection.ReadVersion(request.Key);
        return new WriteOutcome(stored, IsConflict: stored is not null);
    }

    private WriteConnection Open()
    {
        var connection = new WriteConnection(Connections.OpenToWrite(_directory, _busyTimeout));
        try
        {
            _lastVersion = Math.Max(_lastVersion, connection.ReadSequence());
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Leaves no transaction open. A connection that only ran out of space, or of patience, is as good as before, and
    /// on a full disk a new one could not even be opened; any other error is a reason to start over with a new one.
    /// </summary>
    private void Recover(Exception error)
    {
        if (_connection is null)
            return;

        var keep = error is SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_BUSY };
        try
        {
            if (keep && _connection.IsInTransaction)
                _connection.Rollback();
        }
        catch (SqliteException)
        {
            keep = false;
        }

        if (!keep)
        {
            _connection.Dispose();
            _connection = null;
        }
    }
}
