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
            unfinished INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (state_name, grain_id)
        ) WITHOUT ROWID
        CREATE INDEX state_unfinished ON state (state_name, grain_id) WHERE unfinished = 1
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

    [Fact]
    public void The_unfinished_are_found_through_their_index_alone()
    {
        using var connection = Open();
        using var command = connection.CreateCommand("EXPLAIN QUERY PLAN " + Statements.ReadUnfinished);
        command.Parameters.AddWithValue("$state", "s");
        command.Parameters.AddWithValue("$after", "");
        command.Parameters.AddWithValue("$limit", 1);
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(
            "SEARCH state USING COVERING INDEX state_unfinished (state_name=? AND grain_id>?)",
            reader.GetString(3));
        Assert.False(reader.Read());
    }

    private SqliteConnection Open()
    {
        using var directory = DataDirectory.Open(_folder.Path);
        return Connections.OpenToRead(directory, StorageLimits.MinBusyTimeout);
    }
}
