using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Snapshots.Storage;

/// <summary>How connections to the database are opened: unpooled, so that closing one really closes it.</summary>
internal static class Connections
{
    /// <summary>
    /// Opens the database for the checks at start; creates its file and switches it to the write-ahead log.
    /// </summary>
    public static SqliteConnection OpenToCreate(DataDirectory directory) =>
        Open(directory, SqliteOpenMode.ReadWriteCreate, StorageLimits.MinBusyTimeout, "PRAGMA journal_mode = WAL");

    /// <summary>
    /// Opens the one connection that writes. <c>synchronous = FULL</c> makes every commit wait until the log is on the
    /// disk; <c>journal_size_limit</c> gives the space of an unusually long log back.
    /// </summary>
    public static SqliteConnection OpenToWrite(DataDirectory directory, TimeSpan busyTimeout) =>
        Open(
            directory,
            SqliteOpenMode.ReadWrite,
            busyTimeout,
            """
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -16384;
            """);

    /// <summary>
    /// Opens a connection that only reads. Its mode is not read-only, since readers of a write-ahead log have to write
    /// the log's shared index; <c>query_only</c> forbids the rest.
    /// </summary>
    public static SqliteConnection OpenToRead(DataDirectory directory, TimeSpan busyTimeout) =>
        Open(directory, SqliteOpenMode.ReadWrite, busyTimeout, "PRAGMA query_only = 1");

    /// <summary>Runs statements that return nothing of interest.</summary>
    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    public static long QueryNumber(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand(sql);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static string QueryText(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand(sql);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>A command with parameters of the given names, whose values are set before each run.</summary>
    public static SqliteCommand CreateCommand(this SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this project; values go in as parameters only.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
            command.Parameters.AddWithValue(parameter, null);
        return command;
    }

    private static SqliteConnection Open(
        DataDirectory directory, SqliteOpenMode mode, TimeSpan busyTimeout, string settings)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = directory.DatabasePath,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            connection.Execute(settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
