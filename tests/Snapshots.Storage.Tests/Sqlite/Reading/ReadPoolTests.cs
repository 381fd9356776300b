namespace Snapshots.Storage.Tests;

public sealed class ReadPoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reads_go_on_while_a_group_is_under_way_and_see_what_is_committed()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "old");
        var held = store.Target.HoldNext();
        var write = store.Put("g", version, "new");
        await held;
        Assert.Equal("old", await store.Read("g"));
        store.Target.Release();
        await write;
        Assert.Equal("new", await store.Read("g"));
    }

    [Fact]
    public async Task As_many_reads_run_at_once_as_there_are_connections_and_no_more()
    {
        using var directory = DataDirectory.Open(_folder.Path);
        await using var pool = Pool(directory, 3);
        using var release = new ManualResetEventSlim();
        using var running = new CountdownEvent(3);
        var most = 0;
        var now = 0;
        var reads = Enumerable.Range(0, 10).Select(_ => pool.RunAsync(
            connection =>
            {
                var count = Interlocked.Increment(ref now);
                InterlockedMax(ref most, count);
                if (!running.IsSet)
                    running.Signal();
                release.Wait();
                Interlocked.Decrement(ref now);
                return connection.Read(TestStore.Key("g"));
            },
            TestContext.Current.CancellationToken)).ToArray();
        var cancellationToken = TestContext.Current.CancellationToken;
        await Task.Run(() => running.Wait(cancellationToken), cancellationToken);
        release.Set();
        await Task.WhenAll(reads);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Ten_thousand_reads_at_once_all_end()
    {
        await using var store = new TestStore(_folder.Path);
        await store.Put("g", null, "x");
        var reads = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => store.Read("g")));
        Assert.All(reads, read => Assert.Equal("x", read));
    }

    [Fact]
    public async Task Closing_lets_reads_that_wait_finish_and_refuses_later_ones()
    {
        using var directory = DataDirectory.Open(_folder.Path);
        var pool = Pool(directory, 1);
        using var release = new ManualResetEventSlim();
        var running = pool.RunAsync(
            connection =>
            {
                release.Wait();
                return connection.Read(TestStore.Key("g"));
            },
            TestContext.Current.CancellationToken);
        var waiting = pool.RunAsync(
            connection => connection.Read(TestStore.Key("g")), TestContext.Current.CancellationToken);
        var closing = pool.DisposeAsync().AsTask();
        var late = pool.RunAsync(
            connection => connection.Read(TestStore.Key("g")), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => late);
        release.Set();
        Assert.Null(await running);
        Assert.Null(await waiting);
        await closing;
    }

    [Fact]
    public async Task A_read_that_fails_has_a_clear_reason_and_the_next_one_starts_anew()
    {
        using var directory = DataDirectory.Open(_folder.Path);
        await using var pool = Pool(directory, 1);
        var moved = _folder.Database + ".moved";
        File.Move(_folder.Database, moved);
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => pool.RunAsync(
            connection => connection.Read(TestStore.Key("g")), TestContext.Current.CancellationToken));
        Assert.Equal($"The database {_folder.Database} cannot be opened.", failure.Message);
        File.Move(moved, _folder.Database);
        Assert.Null(await pool.RunAsync(
            connection => connection.Read(TestStore.Key("g")), TestContext.Current.CancellationToken));
    }

    private static ReadPool Pool(DataDirectory directory, int size) =>
        new(size, () => new ReadConnection(directory, StorageLimits.MinBusyTimeout));

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref target);
        }
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) != seen);
    }
}
