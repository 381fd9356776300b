using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Snapshots.Grains.Tests;

/// <summary>Two silos with good queues.</summary>
public sealed class TwoSiloCluster : LetterCluster
{
    protected override short Silos => 2;
}

public sealed class FrameQueueGrainTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>
{
    [Fact]
    public async Task Each_queue_is_in_one_silo_and_letters_come_between_silos_in_order()
    {
        var silos = cluster.AllSilos.ToList();
        var keys = Queues(silos[0]).Select(queue => queue.ToString()).ToList();
        await cluster.OpenAsync("two-a", "two-b", "two-c");
        var expected = Enumerable.Range(1, 20).Select(amount => (long)amount).ToArray();
        foreach (var amount in expected)
        {
            await cluster.Letters("two-a").SendAsync(new("two-b"), amount);
            await cluster.Letters("two-a").SendAsync(new("two-c"), amount);
        }

        await cluster.UntilTakenAsync("two-b", expected);
        await cluster.UntilTakenAsync("two-c", expected);
        await LetterCluster.UntilAsync(
            () => Task.FromResult(keys.All(key => silos.Count(silo => QueuesOf(silo).Here(key) is not null) == 1)),
            "each queue is in one silo");
    }

    private static IEnumerable<QueueId> Queues(IServiceProvider silo) =>
        silo.GetRequiredService<FrameQueueAdapter>().GetStreamQueueMapper().GetAllQueues();

    private static FrameQueues QueuesOf(IServiceProvider silo) => silo.GetRequiredService<FrameQueues>();
}
