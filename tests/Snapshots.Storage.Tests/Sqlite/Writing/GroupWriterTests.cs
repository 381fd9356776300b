using Orleans.Storage;

namespace Snapshots.Storage.Tests;

public sealed class GroupWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Writes_that_arrive_while_a_group_is_committed_are_one_group_together()
    {
        await using var store = new TestStore(_folder.Path);
        var writes = await QueueBehindHeldGroup(store, 100);
        store.Target.Release();
        await Task.WhenAll(writes);
        Assert.Equal([1, 100], store.Target.Groups);
        Assert.Equal("99", await store.Read("g99"));
    }

    [Theory]
    [InlineData(10, new[] { 1, 10 })]
    [InlineData(11, new[] { 1, 10, 1 })]
    public async Task A_group_holds_no_more_than_its_bound(int writes, int[] groups)
    {
        await using var store = new TestStore(_folder.Path, new SqliteStorageOptions { MaxGroupSize = 10 });
        var tasks = await QueueBehindHeldGroup(store, writes);
        store.Target.Release();
        await Task.WhenAll(tasks);
        Assert.Equal(groups, store.Target.Groups);
    }

    [Fact]
    public async Task A_group_takes_no_further_write_once_it_has_its_bytes()
    {
        await using var store = new TestStore(_folder.Path);
        var held = store.Target.HoldNext();
        var first = store.Put("first", null, "x");
        await held;
        var half = new byte[StorageLimits.GroupBytes / 2];
        Task[] writes = [first, store.Put("a", null, half), store.Put("b", null, half), store.Put("c", null, half)];
        store.Target.Release();
        await Task.WhenAll(writes);
        Assert.Equal([1, 2, 1], store.Target.Groups);
    }

    [Fact]
    public async Task Writes_to_one_key_in_one_group_happen_one_after_the_other()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "start");
        var held = store.Target.HoldNext();
        var other = store.Put("other", null, "x");
        await held;
        var first = store.Put("g", version, "first");
        var second = store.Put("g", version, "second");
        var create = store.Put("g", null, "create");
        store.Target.Release();
        await other;
        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => second);
        Assert.Equal(ETag.Format(await first), conflict.StoredEtag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => create);
        Assert.Equal("first", await store.Read("g"));
        Assert.Equal([1, 1, 3], store.Target.Groups);
    }

    [Fact]
    public async Task A_key_can_be_deleted_and_created_within_one_group()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "old");
        var held = store.Target.HoldNext();
        var other = store.Put("other", null, "x");
        await held;
        Task[] writes = [other, store.Delete("g", version), store.Put("g", null, "new")];
        store.Target.Release();
        await Task.WhenAll(writes);
        Assert.Equal("new", await store.Read("g"));
    }

    [Fact]
    public async Task A_conflict_leaves_the_rest_of_its_group_committed()
    {
        await using var store = new TestStore(_folder.Path);
        var held = store.Target.HoldNext();
        var other = store.Put("other", null, "x");
        await held;
        var before = store.Put("before", null, "1");
        var conflict = store.Put("missing", 5, "2");
        var after = store.Put("after", null, "3");
        store.Target.Release();
        await Assert.ThrowsAsync<InconsistentStateException>(() => conflict);
        await Task.WhenAll(other, before, after);
        Assert.Equal([1, 3], store.Target.Groups);
        Assert.Equal("1", await store.Read("before"));
        Assert.Equal("3", await store.Read("after"));
    }

    [Fact]
    public async Task Writes_past_the_bound_of_the_queue_wait_for_room_and_are_then_committed()
    {
        await using var store = new TestStore(_folder.Path, new SqliteStorageOptions { MaxQueuedWrites = 4 });
        var writes = await QueueBehindHeldGroup(store, 9);
        Assert.Equal(4, store.Meters.Observe("snapshots.storage.queue.length"));
        store.Target.Release();
        await Task.WhenAll(writes);
        Assert.Equal(10, store.Target.Groups.Sum());
        Assert.Equal("8", await store.Read("g8"));
    }

    [Fact]
    public async Task A_write_that_is_cancelled_while_it_waits_for_room_is_not_written()
    {
        await using var store = new TestStore(_folder.Path, new SqliteStorageOptions { MaxQueuedWrites = 1 });
        var writes = await QueueBehindHeldGroup(store, 1);
        using var cancellation = new CancellationTokenSource();
        var waiting = store.Put("cancelled", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        store.Target.Release();
        await Task.WhenAll(writes);
        Assert.Null(await store.Read("cancelled"));
    }

    [Fact]
    public async Task Closing_commits_what_waits_also_what_waits_for_room()
    {
        await using (var store = new TestStore(_folder.Path, new SqliteStorageOptions { MaxQueuedWrites = 2 }))
        {
            var writes = await QueueBehindHeldGroup(store, 6);
            var close = store.Close().AsTask();
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("late", null, "x"));
            Assert.False(close.IsCompleted);
            store.Target.Release();
            await close;
            await Task.WhenAll(writes);
        }

        await using var again = new TestStore(_folder.Path);
        Assert.Equal("5", await again.Read("g5"));
        Assert.Null(await again.Read("late"));
    }

    [Fact]
    public async Task A_commit_whose_effect_is_not_known_fails_and_the_version_tells_afterwards()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "old");
        store.Target.After = () => throw new IOException("the answer was lost");
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Put("g", version, "new"));
        Assert.Equal("The storage failed: the answer was lost", failure.Message);
        store.Target.After = null;
        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => store.Put("g", version, "newer"));
        Assert.Equal("new", await store.Read("g"));
        Assert.NotNull(await store.Put("g", ETag.Parse(conflict.StoredEtag), "newest"));
    }

    /// <summary>
    /// Holds a group of one write and returns it with the given number of writes to g0, g1, … behind it.
    /// </summary>
    private static async Task<IReadOnlyList<Task>> QueueBehindHeldGroup(TestStore store, int count)
    {
        var held = store.Target.HoldNext();
        var tasks = new List<Task> { store.Put("first", null, "x") };
        await held;
        tasks.AddRange(Enumerable.Range(0, count).Select(i => store.Put($"g{i}", null, $"{i}")));
        return tasks;
    }
}
