using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Snapshots.Storage;

/// <summary>Says in one line, for the person who runs the silo, what an error of SQLite means.</summary>
internal static class StorageErrors
{
    public static string Describe(SqliteException error, DataDirectory directory) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => $"The data directory {directory.Path} is full.",
        // The log's shared index could not grow.
        _ when error.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE =>
            $"The data directory {directory.Path} is full.",
        raw.SQLITE_READONLY => $"The data directory {directory.Path} is read-only.",
        raw.SQLITE_IOERR => string.Create(
            CultureInfo.InvariantCulture,
            $"The data directory {directory.Path} has an I/O error (SQLite code {error.SqliteExtendedErrorCode})."),
        raw.SQLITE_CANTOPEN => $"The database {directory.DatabasePath} cannot be opened.",
        raw.SQLITE_PERM or raw.SQLITE_AUTH => $"The database {directory.DatabasePath} may not be used by this account.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The database {directory.DatabasePath} is locked by another program.",
        raw.SQLITE_NOTADB => $"The database {directory.DatabasePath} is damaged: the file is not a database.",
        raw.SQLITE_CORRUPT => $"The database {directory.DatabasePath} is damaged: its content is malformed.",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"The database {directory.DatabasePath} failed (SQLite code {error.SqliteExtendedErrorCode})."),
    };
}
