using Microsoft.Data.Sqlite;

namespace Snapshots.Storage.Tests;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_folder_is_created_with_its_parents()
    {
        var path = Path.Combine(_folder.Path, "a", "b");
        using var directory = DataDirectory.Open(path);
        Assert.Equal(path, directory.Path);
        Assert.True(File.Exists(Path.Combine(path, "snapshots.db")));
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_told_in_one_line()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        var below = Path.Combine(file, "below");
        AssertRefused(below, $"The data directory {below} cannot be created: ");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_in_one_line()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "lock"));
        AssertRefused(_folder.Path, $"The data directory {_folder.Path} cannot be written: ");
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_in_one_line_and_left_as_it_is()
    {
        var content = string.Concat(Enumerable.Repeat("not a database ", 500));
        File.WriteAllText(_folder.Database, content);
        AssertRefused(_folder.Path, $"The database {_folder.Database} is damaged: the file is not a database.");
        Assert.Equal(content, File.ReadAllText(_folder.Database));
    }

    [Fact]
    public async Task A_damaged_page_is_told_in_one_line()
    {
        await using (var store = new TestStore(_folder.Path))
        {
            for (var i = 0; i < 200; i++)
                await store.Put($"g{i:D4}", null, new byte[500]);
        }

        using (var file = new FileStream(_folder.Database, FileMode.Open))
        {
            file.Position = 4096 * 8;
            file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }

        AssertRefused(_folder.Path, $"The database {_folder.Database} is damaged: ");
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        DataDirectory.Open(_folder.Path).Dispose();
        Change("PRAGMA user_version = 5");
        AssertRefused(_folder.Path, $"The database {_folder.Database} has schema version 5, newer than 4.");
    }

    [Fact]
    public void An_earlier_schema_is_refused_and_left_as_it_is()
    {
        DataDirectory.Open(_folder.Path).Dispose();
        Change("DROP TABLE entry; PRAGMA user_version = 2");
        AssertRefused(_folder.Path, $"The database {_folder.Database} has schema version 2, of an earlier program; ");
        AssertRefused(_folder.Path, $"The database {_folder.Database} has schema version 2, of an earlier program; ");
    }

    [Fact]
    public async Task Only_the_owner_can_read_what_is_created()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
#pragma warning disable CA1416 // Skipped there.
        const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = Path.Combine(_folder.Path, "a", "b");
        await using var store = new TestStore(path);
        await store.Put("g", null, "x");
        Assert.Equal(File | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(path));
        var modes = Directory.GetFiles(path)
            .ToDictionary(file => Path.GetFileName(file)!, System.IO.File.GetUnixFileMode);
        Assert.Equal(["lock", "snapshots.db", "snapshots.db-shm", "snapshots.db-wal"], modes.Keys.Order());
#pragma warning restore CA1416
        Assert.All(modes, mode => Assert.Equal(File, mode.Value));
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        Change("CREATE TABLE theirs (x)");
        AssertRefused(_folder.Path, $"The database {_folder.Database} belongs to another program.");
    }

    [Fact]
    public void What_was_refused_is_not_held()
    {
        Change("CREATE TABLE theirs (x)");
        AssertRefused(_folder.Path, $"The database {_folder.Database} belongs to another program.");
        Change("DROP TABLE theirs");
        DataDirectory.Open(_folder.Path).Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_path_is_an_error_of_the_caller(string path) =>
        Assert.Throws<ArgumentException>(() => DataDirectory.Open(path));

    [Fact]
    public async Task A_closed_store_leaves_its_database_alone_in_one_file()
    {
        await using (var store = new TestStore(_folder.Path))
        {
            await store.Put("g", null, "x");
            Assert.Equal("x", await store.Read("g"));
        }

        Assert.Equal(["lock", "snapshots.db"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    private static void AssertRefused(string path, string start)
    {
        var refused = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(path));
        Assert.StartsWith(start, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
