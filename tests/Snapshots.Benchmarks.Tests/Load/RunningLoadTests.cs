namespace Snapshots.Benchmarks.Tests;

public sealed class RunningLoadTests
{
    [Fact]
    public async Task Calls_are_numbered_without_a_gap_and_only_those_that_count_are_done()
    {
        var seen = new HashSet<long>();
        var enough = new TaskCompletionSource();
        var load = new RunningLoad(number =>
        {
            lock (seen)
            {
                Assert.True(seen.Add(number));
                if (seen.Count >= 1000) enough.TrySetResult();
            }

            return Task.FromResult(number % 2 == 0);
        });
        load.Start(concurrency: 4);
        await enough.Task.WaitAsync(TestContext.Current.CancellationToken);
        await load.StopAsync();
        Assert.Equal(seen.Count - 1, seen.Max());
        Assert.Equal((seen.Count + 1) / 2, load.Done);
        Assert.Equal(0, load.Errors);
    }

    [Fact]
    public async Task So_many_calls_as_asked_for_are_in_flight()
    {
        var (inFlight, all, release) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var load = new RunningLoad(async _ =>
        {
            if (Interlocked.Increment(ref inFlight) == 7) all.TrySetResult();
            await release.Task;
            return true;
        });
        load.Start(concurrency: 7);
        await all.Task.WaitAsync(TestContext.Current.CancellationToken);
        var stopped = load.StopAsync();
        Assert.False(stopped.IsCompleted);
        release.SetResult();
        await stopped;
        Assert.Equal((7, 7L), (inFlight, load.Done));
    }

    [Fact]
    public async Task A_call_that_throws_is_counted_and_fails_the_sample()
    {
        var load = new RunningLoad(
            number => number == 3 ? throw new InvalidOperationException("three") : Task.FromResult(number < 3));
        load.Start(concurrency: 1);
        while (load.Errors == 0) await Task.Yield();
        await load.StopAsync();
        Assert.Equal("three", load.FirstError?.Message);
        Assert.Throws<InvalidOperationException>(() => Rounds.RequireSound(load));
    }
}
