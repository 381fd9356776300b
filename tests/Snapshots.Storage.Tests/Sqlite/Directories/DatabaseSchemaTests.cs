using Microsoft.Data.Sqlite;

namespace Snapshots.Storage.Tests;

public sealed class DatabaseSchemaTests : IDisposable
{
    /// <summary>
    /// What is on people's disks. A change here needs a new schema version.
    /// </summary>
    private const string Golden = """
        CREATE TABLE state (
            state_name TEXT NOT NULL,
            grain_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (state_name, grain_id)
        )
        CREATE TABLE sequence (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            last_version INTEGER NOT NULL,
            owner INTEGER NOT NULL
        )
        CREATE TABLE journal (
            process TEXT NOT NULL PRIMARY KEY,
            tip INTEGER NOT NULL,
            checkpoint INTEGER NOT NULL,
            last INTEGER
        ) WITHOUT ROWID
        CREATE TABLE checkpoint (process TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, content BLOB NOT NULL)
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY,
            process TEXT NOT NULL,
            number INTEGER NOT NULL,
            previous INTEGER,
            content BLOB NOT NULL
        )
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_schema_is_the_one_on_peoples_disks()
    {
        using var connection = Open();
        var schema = Query(connection, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid");
        Assert.Equal(Golden, string.Join('\n', schema), ignoreLineEndingDifferences: true);
        Assert.Equal(DatabaseSchema.Version, connection.QueryNumber("PRAGMA user_version"));
        Assert.Equal(DatabaseSchema.ApplicationId, connection.QueryNumber("PRAGMA application_id"));
    }

    private static List<string> Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand(sql);
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(reader.GetString(0));
        return lines;
    }

    private SqliteConnection Open()
    {
        using var directory = DataDirectory.Open(_folder.Path);
        return Connections.OpenToRead(directory, StorageLimits.MinBusyTimeout);
    }
}
