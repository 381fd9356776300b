namespace Snapshots.Grains.Tests;

public sealed class AsyncSignalTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly ManualTime _time = new();
    private readonly AsyncSignal _signal = new();

    [Fact]
    public async Task A_signal_wakes_the_one_who_waits()
    {
        var waiting = WaitAsync();
        Assert.False(waiting.IsCompleted);
        _signal.Set();
        await waiting;
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task Signals_that_nobody_waits_for_are_kept_and_count_as_one()
    {
        _signal.Set();
        _signal.Set();
        await WaitAsync();
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task A_wait_ends_when_its_time_is_over()
    {
        var waiting = WaitAsync();
        _time.Advance(Long - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
        var next = WaitAsync();
        Assert.False(next.IsCompleted);
        _signal.Set();
        await next;
    }

    [Fact]
    public async Task A_cancelled_wait_ends_without_an_exception()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(Long, _time, cancelled.Token);
        await cancelled.CancelAsync();
        await waiting;
    }

    [Fact]
    public async Task No_signal_of_many_threads_is_lost()
    {
        var (given, seen) = (0, 0);
        var signallers = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var count = 0; count < 2000; count++)
            {
                Interlocked.Increment(ref given);
                _signal.Set();
            }
        })));
        while (seen < 8000)
        {
            await _signal.WaitAsync(Long, TimeProvider.System, TestContext.Current.CancellationToken);
            seen = Volatile.Read(ref given);
        }

        await signallers;
    }

    private Task WaitAsync() => _signal.WaitAsync(Long, _time, TestContext.Current.CancellationToken);
}
