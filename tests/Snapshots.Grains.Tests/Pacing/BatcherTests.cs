using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Snapshots.Grains.Tests;

public sealed class BatcherTests
{
    private const int MaxItems = 4;
    private const int MaxWaiting = 10;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private readonly Channel<(string Key, int[] Items)> _calls = Channel.CreateUnbounded<(string, int[])>();
    private readonly ConcurrentQueue<(List<int> Items, Exception Exception)> _failures = new();

    /// <summary>How a call is taken.</summary>
    private Func<string, Task> _take = _ => Task.CompletedTask;

    [Fact]
    public async Task What_is_added_while_a_call_is_under_way_leaves_in_order_and_in_calls_of_bounded_size()
    {
        var batcher = Open();
        var taken = Hold();
        Assert.True(batcher.TryAdd("a", 0));
        Assert.Equal([0], (await NextAsync()).Items);
        for (var item = 1; item <= MaxItems + 1; item++) Assert.True(batcher.TryAdd("a", item));
        Assert.False(_calls.Reader.TryRead(out _), "two calls for one key are under way");
        Release(taken);
        Assert.Equal([1, 2, 3, 4], (await NextAsync()).Items);
        Assert.Equal([5], (await NextAsync()).Items);
    }

    [Fact]
    public async Task One_more_than_may_wait_is_refused_and_those_under_way_do_not_count()
    {
        var batcher = Open();
        var taken = Hold();
        batcher.TryAdd("a", 0);
        await NextAsync();
        for (var item = 1; item <= MaxWaiting; item++) Assert.True(batcher.TryAdd("a", item));
        Assert.False(batcher.TryAdd("a", MaxWaiting + 1));
        Assert.True(batcher.TryAdd("b", 0), "another key has room of its own");
        Release(taken);
        var items = new List<int>();
        while (items.Count < MaxWaiting) items.AddRange((await NextAsync("a")).Items);
        Assert.Equal(Enumerable.Range(1, MaxWaiting), items);
    }

    [Fact]
    public async Task A_call_has_a_bounded_number_of_bytes_except_for_one_item_that_is_larger()
    {
        var batcher = Open(sizeOf: item => item);
        var taken = Hold();
        batcher.TryAdd("a", 0);
        await NextAsync();
        foreach (var item in new[] { 60, 40, 1, 250, 100, 1 }) batcher.TryAdd("a", item);
        Release(taken);
        Assert.Equal([60, 40], (await NextAsync()).Items);
        Assert.Equal([1], (await NextAsync()).Items);
        Assert.Equal([250], (await NextAsync()).Items);
        Assert.Equal([100], (await NextAsync()).Items);
        Assert.Equal([1], (await NextAsync()).Items);
    }

    [Fact]
    public async Task A_key_whose_call_does_not_end_keeps_no_other_one_waiting()
    {
        var batcher = Open();
        var never = Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        _take = key => key == "a" ? never : Task.CompletedTask;
        batcher.TryAdd("a", 1);
        await NextAsync("a");
        batcher.TryAdd("b", 2);
        Assert.Equal([2], (await NextAsync("b")).Items);
    }

    [Fact]
    public async Task A_call_that_throws_is_told_of_and_the_next_one_follows()
    {
        var batcher = Open();
        var taken = Hold();
        batcher.TryAdd("a", 1);
        await NextAsync();
        batcher.TryAdd("a", 2);
        _take = _ => Task.CompletedTask;
        taken.SetException(new IOException());
        Assert.Equal([2], (await NextAsync()).Items);
        var (items, exception) = Assert.Single(_failures);
        Assert.Equal([1], items);
        Assert.IsType<IOException>(exception);
    }

    /// <summary>
    /// (1) A lane takes its last items; (2) it is empty, and more is added; (3) a second lane of the same key begins
    /// while the call of the first one is under way. So a lane retires in the same step in which it is found empty.
    /// </summary>
    [Fact]
    public async Task A_key_never_has_two_calls_under_way_and_costs_nothing_once_nothing_waits()
    {
        const int Adders = 4;
        const int Each = 5_000;
        var (underWay, most, count) = (0, 0, 0);
        var last = new int[Adders];
        var batcher = new Batcher<string, (int Adder, int Number)>(
            async (_, items) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref underWay));
                await Task.Yield();
                foreach (var (adder, number) in items)
                {
                    Assert.Equal(last[adder] + 1, number);
                    last[adder] = number;
                }

                Interlocked.Add(ref count, items.Length);
                Interlocked.Decrement(ref underWay);
            },
            (_, items, exception) => _failures.Enqueue(([items.Length], exception)),
            new(MaxItems, int.MaxValue));
        await Task.WhenAll(Enumerable.Range(0, Adders).Select(adder => Task.Run(async () =>
        {
            for (var number = 1; number <= Each; number++)
            {
                Assert.True(batcher.TryAdd("a", (adder, number)));
                if (number % 16 == 0) await Task.Yield();
            }
        })));
        await LetterCluster.UntilAsync(() => Task.FromResult(batcher.Keys == 0), "the key is retired");
        Assert.Empty(_failures);
        Assert.Equal(Adders * Each, count);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task What_is_gathered_leaves_with_one_call_and_the_gathering_knows_the_size_of_the_call_before()
    {
        var gathers = Channel.CreateUnbounded<(int Last, TaskCompletionSource Done)>();
        var batcher = Open(gather: last =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            gathers.Writer.TryWrite((last, done));
            return done.Task;
        });
        batcher.TryAdd("a", 1);
        var first = await gathers.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, first.Last);
        batcher.TryAdd("a", 2);
        batcher.TryAdd("a", 3);
        first.Done.SetResult();
        Assert.Equal([1, 2, 3], (await NextAsync()).Items);
        var second = await gathers.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, second.Last);
        Assert.Equal(1, batcher.Keys);
        second.Done.SetResult();
        await LetterCluster.UntilAsync(() => Task.FromResult(batcher.Keys == 0), "the key is retired");
    }

    private Batcher<string, int> Open(Func<int, long>? sizeOf = null, Func<int, Task>? gather = null) => new(
        (key, items) =>
        {
            var take = _take;
            _calls.Writer.TryWrite((key, items));
            return take(key);
        },
        (_, items, exception) => _failures.Enqueue(([.. items], exception)),
        new(MaxItems, MaxWaiting, MaxBytesPerCall: 100),
        sizeOf,
        gather);

    private TaskCompletionSource Hold()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _take = _ => taken.Task;
        return taken;
    }

    private void Release(TaskCompletionSource taken)
    {
        _take = _ => Task.CompletedTask;
        taken.SetResult();
    }

    private async Task<(string Key, List<int> Items)> NextAsync(string? key = null)
    {
        while (true)
        {
            var call = await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(MaxWait);
            if (key is null || call.Key == key) return (call.Key, [.. call.Items]);
        }
    }
}
