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
    /// <summary>
    /// A queue that was activated elsewhere moves to its reader, so each is in one silo and is read there without a
    /// call.
    /// </summary>
    [Fact]
    public async Task Each_queue_moves_to_the_silo_that_reads_it_and_letters_come_between_silos_in_order()
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
            () => Task.FromResult(keys.All(key => silos.Count(silo => QueuesOf(silo).Of(key).IsHere) == 1)),
            "each queue is in one silo");
        await LetterCluster.UntilAsync(
            () => Task.FromResult(silos.All(silo => keys.Any(key => QueuesOf(silo).Of(key).IsHere))),
            "each silo reads some queues, and has them");
    }

    private static IEnumerable<QueueId> Queues(IServiceProvider silo) =>
        silo.GetRequiredService<FrameQueueAdapter>().GetStreamQueueMapper().GetAllQueues();

    private static FrameQueues QueuesOf(IServiceProvider silo) => silo.GetRequiredService<FrameQueues>();
}
