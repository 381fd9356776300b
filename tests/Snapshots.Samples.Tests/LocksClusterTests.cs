using Snapshots.Detection;

namespace Snapshots.Samples.Tests;

/// <summary>Each test has workers and locks of its own, but all are in one global state.</summary>
public sealed class LocksClusterTests(SampleCluster cluster) : IClassFixture<SampleCluster>
{
    private readonly DeadlockBreaker _breaker = new(cluster.Grains, cluster.Snapshots(LocksApplication.Name));

    [Fact]
    public async Task A_ring_is_found_by_the_first_snapshot_and_one_victim_lets_all_others_go_on()
    {
        var stop = TestContext.Current.CancellationToken;
        string[] workers = ["ring-a", "ring-b", "ring-c", "ring-d"];
        foreach (var worker in workers) await AcquireAsync(worker, $"{worker}-lock");
        for (var index = 0; index < workers.Length; index++)
            await cluster.Worker(workers[index]).AcquireAsync(new($"{workers[(index + 1) % workers.Length]}-lock"));

        // Two detectors at the same time choose the same victim, and it backs off once.
        var both = await Task.WhenAll(
            _breaker.BreakAsync(new("ring-1"), stop), _breaker.BreakAsync(new("ring-2"), stop));
        Assert.Single(both, each => each.HasBackedOff);
        Assert.All(both.Where(each => each.Found.Exists), each =>
        {
            Assert.Equal(workers, each.Found.Witness.Select(worker => worker.ToString()));
            Assert.Equal(new WaitNode(new("ring-d")), each.Found.Victim);
        });
        Assert.Contains(both, each => each.Found.Exists);

        // Each that has got its second lock gives both back.
        foreach (var worker in workers[..3].Reverse()) await ReleaseAllAsync(worker, expected: 2);
        var (left, _) = await _breaker.BreakAsync(new("ring-3"), stop);
        Assert.False(left.Exists);
    }

    [Fact]
    public async Task Workers_that_take_locks_in_any_order_all_come_to_an_end_and_nobody_backs_off_in_vain()
    {
        const int Rounds = 6;
        string[] locks = ["load-1", "load-2", "load-3"];
        using var done = new CancellationTokenSource();
        var detector = DetectAsync(done.Token);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(number =>
            WorkAsync($"load-{(char)('a' + number)}", number, Rounds, locks)));
        await done.CancelAsync();
        var (deadlocks, refused) = await detector;
        TestContext.Current.TestOutputHelper?.WriteLine($"{deadlocks} deadlocks were broken");
        Assert.True(deadlocks > 0);
        Assert.Equal(0, refused); // A deadlock that was found was one: its victim is as it was found.
    }

    private async Task<(int Deadlocks, int Refused)> DetectAsync(CancellationToken done)
    {
        var (deadlocks, refused) = (0, 0);
        for (var number = 1; !done.IsCancellationRequested; number++)
        {
            var (found, hasBackedOff) =
                await _breaker.BreakAsync(new($"load-{number}"), TestContext.Current.CancellationToken);
            if (!found.Exists) continue;
            if (hasBackedOff) deadlocks++;
            else refused++;
        }

        return (deadlocks, refused);
    }

    /// <summary>Takes two locks in an order at random, again if it was the victim, and gives them back.</summary>
    private async Task WorkAsync(string id, int seed, int rounds, string[] locks)
    {
        var (random, worker) = (new Random(seed), cluster.Worker(id));
        for (var round = 0; round < rounds;)
        {
            var order = locks.ToArray();
            random.Shuffle(order);
            var wasVictim = false;
            foreach (var (wanted, held) in new[] { (order[0], 0), (order[1], 1) })
            {
                await worker.AcquireAsync(new(wanted));
                await SampleCluster.UntilAsync(async () => await worker.GetAsync() is WorkerState { IsWaiting: false });
                wasVictim = await worker.GetAsync() is WorkerState state && state.Holds.Length <= held;
                if (wasVictim) break;
            }

            if (wasVictim) continue;
            await ReleaseAllAsync(id, expected: 2);
            round++;
        }
    }

    private async Task AcquireAsync(string worker, string wanted)
    {
        await cluster.Worker(worker).AcquireAsync(new(wanted));
        await SampleCluster.UntilAsync(async () =>
            await cluster.Worker(worker).GetAsync() is WorkerState { IsWaiting: false });
    }

    private async Task ReleaseAllAsync(string worker, int expected)
    {
        var grain = cluster.Worker(worker);
        await SampleCluster.UntilAsync(async () =>
            await grain.GetAsync() is WorkerState state && state.Holds.Length == expected);
        foreach (var held in ((WorkerState)await grain.GetAsync()).Holds) Assert.Null(await grain.ReleaseAsync(held));
    }
}
