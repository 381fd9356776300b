using Microsoft.Data.Sqlite;

namespace Snapshots.Storage.Tests;

public sealed class SqliteGroupTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_fails_the_whole_group_and_changes_nothing()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "old");
        var held = store.Target.HoldNext();
        store.Target.Before = FillDisk;
        var first = store.Put("first", null, "x");
        await held;
        store.Target.Release();
        await Record.ExceptionAsync(() => first);

        held = store.Target.HoldNext();
        var blocker = store.Put("blocker", null, "x");
        await held;
        var small = store.Put("g", version, "new");
        var large = store.Put("large", null, new byte[1_000_000]);
        var conflict = store.Put("missing", 1, "x");
        store.Target.Release();
        await Record.ExceptionAsync(() => blocker);

        foreach (var task in new[] { small, large, conflict })
        {
            var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => task);
            Assert.Equal($"The data directory {_folder.Path} is full.", failure.Message);
        }

        Assert.Equal("old", await store.Read("g"));
        Assert.Null(await store.Read("large"));
    }

    /// <summary>On a file system whose locks do not work, two silos may hold one directory.</summary>
    [Fact]
    public async Task A_database_that_another_silo_has_opened_is_not_written_again()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "mine");
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "snapshots.db")};Pooling=False"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var own = other.CreateCommand(Statements.Own, "$owner");
            own.Parameters[0].Value = 7;
            await own.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", version, "mine again"));
            Assert.Equal(
                $"Another silo has opened the database {Path.Combine(_folder.Path, "snapshots.db")}; "
                    + "this one writes nothing more, and must be stopped.",
                refused.Message);
        }

        Assert.Equal("mine", await store.Read("g"));
    }

    [Fact]
    public async Task Writes_succeed_again_once_there_is_room()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "old");
        store.Target.Before = FillDisk;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", version, new byte[1_000_000]));
        store.Target.Before = connection => connection!.Execute("PRAGMA max_page_count = 1000000");
        Assert.NotNull(await store.Put("g", version, "new"));
        Assert.Equal("new", await store.Read("g"));
    }

    [Fact]
    public async Task A_transaction_that_is_still_open_after_an_error_is_rolled_back()
    {
        await using var store = new TestStore(_folder.Path);
        // A statement that writes twice and may abort keeps a journal of its own, and then SQLite undoes it alone.
        store.Target.Before = connection => connection!.Execute("""
            CREATE TEMP TRIGGER large AFTER INSERT ON main.state BEGIN
                INSERT INTO state VALUES ('large', NEW.grain_id, 1, zeroblob(1000000));
                SELECT RAISE(ABORT, '') WHERE 0;
            END;
            PRAGMA max_page_count = 1;
            """);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", null, "x"));
        store.Target.Before = connection =>
            connection!.Execute("DROP TRIGGER large; PRAGMA max_page_count = 1000000");
        Assert.NotNull(await store.Put("g", null, "x"));
    }

    [Fact]
    public async Task A_read_only_database_fails_the_group_with_its_reason()
    {
        await using var store = new TestStore(_folder.Path);
        store.Target.Before = connection => connection!.Execute("PRAGMA query_only = 1");
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", null, "x"));
        Assert.Equal($"The data directory {_folder.Path} is read-only.", failure.Message);
        store.Target.Before = null;
        Assert.NotNull(await store.Put("g", null, "x"));
    }

    [Fact]
    public async Task A_broken_connection_fails_one_group_and_is_replaced()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "old");
        store.Target.Before = connection => connection!.Close();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", version, "lost"));
        store.Target.Before = null;
        Assert.Equal("old", await store.Read("g"));
        Assert.True(await store.Put("g", version, "new") > version);
    }

    [Fact]
    public async Task A_database_locked_by_another_program_fails_the_group_after_the_timeout()
    {
        await using var store = new TestStore(
            _folder.Path, new SqliteStorageOptions { BusyTimeout = StorageLimits.MinBusyTimeout });
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            other.Execute("BEGIN IMMEDIATE");
            var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", null, "x"));
            Assert.Equal($"The database {_folder.Database} is locked by another program.", failure.Message);
        }

        Assert.NotNull(await store.Put("g", null, "x"));
    }

    [Fact]
    public async Task Every_commit_waits_for_the_disk()
    {
        await using var store = new TestStore(_folder.Path);
        long synchronous = 0;
        var journal = "";
        store.Target.Before = connection =>
        {
            synchronous = connection!.QueryNumber("PRAGMA synchronous");
            journal = connection!.QueryText("PRAGMA journal_mode");
        };
        await store.Put("g", null, "x");
        Assert.Equal(2, synchronous);
        Assert.Equal("wal", journal);
    }

    [Fact]
    public async Task A_refused_append_leaves_the_other_writes_of_its_group_alone()
    {
        await using var store = new TestStore(_folder.Path);
        await store.Journal(WriteKind.Replace, "account/alice", 0);
        var held = store.Target.HoldNext();
        var blocker = store.Put("blocker", null, "x");
        await held;
        var append = store.Journal(WriteKind.Append, "account/alice", 1);
        var stale = store.Journal(WriteKind.Append, "account/alice", 1);
        var staleReplace = store.Journal(WriteKind.Replace, "account/alice", 0);
        var state = store.Put("g", null, "x");
        var next = store.Journal(WriteKind.Append, "account/alice", 2);
        store.Target.Release();

        await blocker;
        var conflict = await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => stale);
        Assert.Equal(("2", "1"), (conflict.StoredEtag, conflict.CurrentEtag));
        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => staleReplace);
        Assert.Equal(2, await append);
        Assert.Equal(3, await next);
        Assert.NotNull(await state);
        Assert.Equal([1, 1, 5], store.Target.Groups);
    }

    /// <summary>
    /// SQLite's own bound on the file, at what it has now: the next page that is needed is "database full".
    /// </summary>
    private static void FillDisk(SqliteConnection? connection) => connection!.Execute("PRAGMA max_page_count = 1");
}
