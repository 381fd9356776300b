namespace Snapshots.Grains.Tests;

public sealed class GroupCommitTests
{
    [Fact]
    public Task What_comes_while_a_write_is_under_way_is_in_the_next_one() => OnOneThread(async () =>
    {
        var (commit, writes, began) = Held();
        var first = commit.RequestAsync();
        var joined = commit.RequestAsync();
        await began.WaitAsync();
        var second = commit.RequestAsync();
        var third = commit.RequestAsync();
        writes[0].SetResult();
        await Task.WhenAll(first, joined);
        await began.WaitAsync();
        Assert.False(second.IsCompleted);
        writes[1].SetResult();
        await Task.WhenAll(second, third);
        Assert.Equal(2, writes.Count);
    });

    [Fact]
    public Task What_comes_while_a_write_gathers_is_in_it_and_each_write_gathers_anew() => OnOneThread(async () =>
    {
        var gathers = new List<TaskCompletionSource>();
        var began = new SemaphoreSlim(0);
        var writes = 0;
        var commit = new GroupCommit(
            () =>
            {
                writes++;
                return Task.CompletedTask;
            },
            () =>
            {
                gathers.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
                began.Release();
                return gathers[^1].Task;
            });
        for (var write = 0; write < 2; write++)
        {
            var first = commit.RequestAsync();
            await began.WaitAsync();
            var joined = commit.RequestAsync("joined");
            Assert.Equal(write, writes);
            gathers[write].SetResult();
            await first;
            Assert.Equal("joined", await joined);
            Assert.Equal(write + 1, writes);
        }
    });

    [Fact]
    public Task Each_result_waits_for_the_write_that_began_after_it_was_asked_for() => OnOneThread(async () =>
    {
        var (commit, writes, began) = Held();
        var first = commit.RequestAsync(1);
        var joined = commit.RequestAsync("joined");
        await began.WaitAsync();
        var second = commit.RequestAsync(2);
        writes[0].SetResult();
        Assert.Equal(1, await first);
        Assert.Equal("joined", await joined);
        await began.WaitAsync();
        Assert.False(second.IsCompleted);
        writes[1].SetException(new IOException());
        await Assert.ThrowsAsync<IOException>(() => second);
    });

    /// <summary>A storage that is done at once, and callers who ask again as soon as they are answered.</summary>
    [Fact]
    public Task Writes_that_take_no_time_do_not_become_as_many_as_the_requests() => OnOneThread(async () =>
    {
        const int Callers = 64;
        const int Rounds = 50;
        var writes = 0;
        var commit = new GroupCommit(() =>
        {
            writes++;
            return Task.CompletedTask;
        });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Assert.Equal(caller, await commit.RequestAsync(caller));
                for (var turn = 0; turn < caller; turn++) await Task.Yield(); // Some are slower to ask again.
            }
        }));
        Assert.InRange(writes, Rounds, 3 * Rounds);
    });

    [Fact]
    public Task Who_goes_on_within_the_end_of_a_write_may_ask_for_the_next() => OnOneThread(async () =>
    {
        var writes = 0;
        var commit = new GroupCommit(async () =>
        {
            writes++;
            await Task.Yield();
        });
        for (var round = 1; round <= 100; round++)
        {
            Assert.Equal(round, await commit.RequestAsync(round));
            Assert.Equal(round, writes);
        }
    });

    [Fact]
    public Task A_failure_reaches_those_who_wait_for_that_write_and_the_next_one_goes_on() => OnOneThread(async () =>
    {
        var writes = 0;
        var gate = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        var commit = new GroupCommit(async () =>
        {
            if (++writes > 1) return;
            began.SetResult();
            await gate.Task;
            throw new IOException();
        });
        var first = commit.RequestAsync();
        await began.Task;
        var second = commit.RequestAsync();
        gate.SetResult();
        await Assert.ThrowsAsync<IOException>(() => first);
        await second;
        await commit.RequestAsync();
        Assert.Equal(3, writes);
    });

    [Fact]
    public Task A_write_that_fails_at_once_fails_like_any_other() => OnOneThread(async () =>
    {
        var commit = new GroupCommit(() => throw new IOException());
        await Assert.ThrowsAsync<IOException>(commit.RequestAsync);
        await Assert.ThrowsAsync<IOException>(commit.RequestAsync);
    });

    /// <summary>As a grain's scheduler would run it.</summary>
    /// <summary>Commits whose writes end when they are told to, and a signal for each that begins.</summary>
    private static (GroupCommit Commit, List<TaskCompletionSource> Writes, SemaphoreSlim Began) Held()
    {
        var writes = new List<TaskCompletionSource>();
        var began = new SemaphoreSlim(0);
        var commit = new GroupCommit(() =>
        {
            writes.Add(new());
            began.Release();
            return writes[^1].Task;
        });
        return (commit, writes, began);
    }

    private static Task OnOneThread(Func<Task> body) => Task.Factory.StartNew(
        body, TestContext.Current.CancellationToken, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();
}
