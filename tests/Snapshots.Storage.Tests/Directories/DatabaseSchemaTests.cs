using Microsoft.Data.Sqlite;

namespace Snapshots.Storage.Tests;

public sealed class DatabaseSchemaTests : IDisposable
{
    /// <summary>
    /// What is on people's disks. A change here needs a new schema version and a way there from this one.
    /// </summary>
    private const string Golden = """
        CREATE TABLE state (
            state_name TEXT NOT NULL,
            grain_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (state_name, grain_id)
        ) WITHOUT ROWID
        CREATE TABLE sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last_version INTEGER NOT NULL)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_schema_is_the_one_on_peoples_disks()
    {
        using var connection = Open();
        using var command = connection.CreateCommand(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid");
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(reader.GetString(0));
        Assert.Equal(Golden, string.Join('\n', lines), ignoreLineEndingDifferences: true);
        Assert.Equal(DatabaseSchema.Version, connection.QueryNumber("PRAGMA user_version"));
        Assert.Equal(DatabaseSchema.ApplicationId, connection.QueryNumber("PRAGMA application_id"));
    }

    private SqliteConnection Open()
    {
        using var directory = DataDirectory.Open(_folder.Path);
        return Connections.OpenToRead(directory, StorageLimits.MinBusyTimeout);
    }
}
