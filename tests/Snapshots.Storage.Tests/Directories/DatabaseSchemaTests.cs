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
        )
        CREATE TABLE sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last_version INTEGER NOT NULL)
        """;

    private const string Version1 = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE state (
            state_name TEXT NOT NULL,
            grain_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (state_name, grain_id)
        ) WITHOUT ROWID;
        CREATE TABLE sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last_version INTEGER NOT NULL);
        INSERT INTO sequence VALUES (1, 9);
        INSERT INTO state VALUES ('process', 'account/P', 7, x'0102'), ('process', 'account/Q', 9, x'');
        PRAGMA application_id = 1397637456;
        PRAGMA user_version = 1;
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_schema_is_the_one_on_peoples_disks()
    {
        using var connection = Open();
        Assert.Equal(Golden, string.Join('\n', Query(connection, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name = 'sequence'")), ignoreLineEndingDifferences: true);
        Assert.Equal(DatabaseSchema.Version, connection.QueryNumber("PRAGMA user_version"));
        Assert.Equal(DatabaseSchema.ApplicationId, connection.QueryNumber("PRAGMA application_id"));
    }

    [Fact]
    public void A_database_of_version_1_keeps_every_row_and_etag()
    {
        using (var old = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            old.Open();
            old.Execute(Version1);
        }

        The_schema_is_the_one_on_peoples_disks();
        using var connection = Open();
        Assert.Equal(
            ["process account/P 7 0102", "process account/Q 9 "],
            Query(connection, "SELECT state_name || ' ' || grain_id || ' ' || version || ' ' || hex(payload) FROM state ORDER BY grain_id"));
        Assert.Equal(9, connection.QueryNumber(Statements.ReadSequence));
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
