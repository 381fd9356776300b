using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Snapshots.Storage;

/// <summary>What the database contains, and the checks that it passes before anything else uses it.</summary>
/// <remarks>
/// <para>
/// A row's version is its etag. Versions come from one counter for the whole database, kept in <c>sequence</c>, so that
/// no version is given out twice: with a count per row, a row that was cleared and created again would repeat its old
/// etags, and a stale activation that still holds one of those could overwrite the new row.
/// </para>
/// <para>
/// <c>sequence</c> also has the last one that opened the database. Each group of writes checks it, so that an earlier
/// owner writes nothing more where the lock of the directory does not work.
/// </para>
/// <para>
/// <c>state</c> has rowids: a row of up to a page is in one page. In a table clustered by its key a row of more than a
/// quarter of a page spills, and a group of writes dirties nearly twice as many pages.
/// </para>
/// <para>
/// Journals: <c>entry</c> is a log. Entries of all processes are added at its end, so a group of them fills pages
/// one after the other. It needs no index: each entry names the one before it, and <c>journal</c> names the last,
/// beside the tip. The rows of <c>journal</c> are small and lie close together. Entries below their checkpoint
/// belong to no chain; <see cref="JournalSweep"/> removes them. Measured with 1000 processes in random order,
/// groups of 500, entries of 300 bytes and a checkpoint of 700 bytes after every 20: 1.1 KB to the log of SQLite
/// per write. It is 4.0 KB with an index on (process, number), and 5.9 KB in a table clustered by it.
/// </para>
/// </remarks>
internal static class DatabaseSchema
{
    /// <summary>
    /// The one version that this program writes and reads, in <c>PRAGMA user_version</c>.
    /// </summary>
    public const int Version = 4;

    /// <summary>"SNAP": marks the file as ours in <c>PRAGMA application_id</c>.</summary>
    public const int ApplicationId = 0x534E4150;

    /// <summary>
    /// A full check reads the whole file, which is cheap only while the file is small. In bytes; above it, damage is
    /// found when it is met.
    /// </summary>
    private const long MaxCheckedBytes = 16 * 1024 * 1024;

    private const string Create = """
        CREATE TABLE state (
            state_name TEXT NOT NULL,
            grain_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (state_name, grain_id)
        );
        CREATE TABLE sequence (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            last_version INTEGER NOT NULL,
            owner INTEGER NOT NULL
        );
        INSERT INTO sequence VALUES (1, 0, 0);
        CREATE TABLE journal (
            process TEXT NOT NULL PRIMARY KEY,
            tip INTEGER NOT NULL,
            checkpoint INTEGER NOT NULL,
            last INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE checkpoint (process TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY,
            process TEXT NOT NULL,
            number INTEGER NOT NULL,
            previous INTEGER,
            content BLOB NOT NULL
        );
        PRAGMA application_id = 1397637456;
        PRAGMA user_version = 4;
        """;

    /// <summary>Creates the schema in a new database and checks the one of an old database.</summary>
    /// <exception cref="DataDirectoryException">The database cannot be opened, or is not one that we know.</exception>
    public static void Ensure(DataDirectory directory)
    {
        try
        {
            using var connection = Connections.OpenToCreate(directory);
            // Taking the write lock shows here, and not at the first write, that the file can be written.
            connection.Execute("BEGIN IMMEDIATE");
            EnsureSchema(connection, directory);
            Check(connection, directory); // Before the first write: a damaged database is left as it is.
            using (var own = connection.CreateCommand(Statements.Own, "$owner"))
            {
                own.Parameters[0].Value = directory.Owner;
                own.ExecuteNonQuery();
            }

            connection.Execute("COMMIT");
        }
        catch (SqliteException e)
        {
            throw new DataDirectoryException(StorageErrors.Describe(e, directory), e);
        }
    }

    private static void EnsureSchema(SqliteConnection connection, DataDirectory directory)
    {
        if (connection.QueryNumber("SELECT count(*) FROM sqlite_master") == 0)
        {
            connection.Execute(Create);
            return;
        }

        if (connection.QueryNumber("PRAGMA application_id") != ApplicationId)
        {
            throw new DataDirectoryException($"The database {directory.DatabasePath} belongs to another program.");
        }

        var version = connection.QueryNumber("PRAGMA user_version");
        if (version > Version)
        {
            throw new DataDirectoryException(string.Create(
                CultureInfo.InvariantCulture,
                $"The database {directory.DatabasePath} has schema version {version}, newer than {Version}."));
        }

        if (version < Version)
        {
            throw new DataDirectoryException(string.Create(
                CultureInfo.InvariantCulture,
                $"The database {directory.DatabasePath} has schema version {version}, of an earlier program; "
                    + $"this program reads only version {Version}: use another data directory."));
        }
    }

    private static void Check(SqliteConnection connection, DataDirectory directory)
    {
        if (new FileInfo(directory.DatabasePath).Length > MaxCheckedBytes)
            return;

        var finding = connection.QueryText("PRAGMA quick_check(1)");
        if (finding != "ok")
        {
            var line = finding.ReplaceLineEndings(" ");
            throw new DataDirectoryException($"The database {directory.DatabasePath} is damaged: {line}");
        }
    }
}
