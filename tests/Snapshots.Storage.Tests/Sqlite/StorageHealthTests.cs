using Microsoft.Data.Sqlite;

namespace Snapshots.Storage.Tests;

public sealed class StorageHealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_storage_is_available_between_its_start_and_its_end()
    {
        var store = new TestStore(_folder.Path);
        Assert.True(store.Health.IsAvailable);
        Assert.Null(store.Health.LastError);
        await store.DisposeAsync();
        Assert.False(store.Health.IsAvailable);
        Assert.Equal("The storage has stopped.", store.Health.LastError);
        Assert.Equal("The storage has not started.", new StorageHealth(TimeProvider.System).LastError);
    }

    [Fact]
    public async Task A_failed_group_makes_it_unavailable_and_the_next_that_succeeds_available_again()
    {
        await using var store = new TestStore(_folder.Path);
        await FailOnce(store);
        Assert.False(store.Health.IsAvailable);
        Assert.Equal($"The data directory {_folder.Path} is read-only.", store.Health.LastError);
        store.Target.Before = null;
        await store.Put("g", null, "x");
        Assert.True(store.Health.IsAvailable);
    }

    [Fact]
    public async Task A_group_that_is_under_way_for_more_than_five_seconds_makes_it_unavailable_until_it_ends()
    {
        await using var store = new TestStore(_folder.Path);
        var held = store.Target.HoldNext();
        var write = store.Put("g", null, "x");
        await held;
        store.Time.Advance(StorageHealth.MaxCommit);
        Assert.True(store.Health.IsAvailable);
        store.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(store.Health.IsAvailable);
        Assert.Equal("The disk has not finished a write for 7 s.", store.Health.LastError);
        store.Target.Release();
        await write;
        Assert.True(store.Health.IsAvailable);
    }

    [Fact]
    public async Task Without_writes_it_probes_after_a_second_until_it_is_available_again()
    {
        await using var store = new TestStore(_folder.Path);
        await FailOnce(store);
        store.Time.Advance(StorageLimits.ProbeDelay - TimeSpan.FromMilliseconds(1));
        await Probe(store, TimeSpan.FromMilliseconds(1), "failures");
        await Probe(store, StorageLimits.ProbeDelay, "failures");
        Assert.False(store.Health.IsAvailable);

        store.Target.Before = null;
        await Probe(store, StorageLimits.ProbeDelay, "groups");
        Assert.True(store.Health.IsAvailable);
        Assert.Equal([1, 1, 1, 1], store.Target.Groups);
    }

    [Fact]
    public async Task While_it_is_available_it_does_not_probe()
    {
        await using var store = new TestStore(_folder.Path);
        await FailOnce(store);
        store.Target.Before = null;
        await store.Put("g", null, "x");
        store.Time.Advance(StorageLimits.ProbeDelay);
        store.Time.Advance(StorageLimits.ProbeDelay);
        await store.Put("h", null, "x");
        Assert.Equal([1, 1, 1], store.Target.Groups);
    }

    private static void MakeReadOnly(SqliteConnection? connection)
    {
        if (connection is null)
            throw new IOException("still broken");
        connection.Execute("PRAGMA query_only = 1");
    }

    private static async Task FailOnce(TestStore store)
    {
        store.Target.Before = MakeReadOnly;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", null, "x"));
    }

    /// <summary>Moves the clock and waits until the probe that this brings about is dealt with, and counted.</summary>
    private static async Task Probe(TestStore store, TimeSpan after, string counter)
    {
        var counted = store.Meters.Next($"snapshots.storage.{counter}").WaitAsync(TimeSpan.FromSeconds(30));
        store.Time.Advance(after);
        await counted;
    }
}
