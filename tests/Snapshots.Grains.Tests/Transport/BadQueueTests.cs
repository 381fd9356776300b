namespace Snapshots.Grains.Tests;

public sealed class BadQueueTests(BadQueueCluster cluster) : IClassFixture<BadQueueCluster>
{
    [Fact]
    public async Task Letters_come_once_and_in_order_and_snapshots_complete_over_a_stream_that_loses_repeats_reorders_and_refuses()
    {
        string[] ids = ["n1", "n2", "n3", "n4"];
        await cluster.OpenAsync(ids);
        var snapshots = new List<Task>();
        const int Rounds = 20;
        for (var round = 1; round <= Rounds; round++)
        {
            await Task.WhenAll(ids.Select((id, index) => cluster.Letters(id).SendAsync(new(ids[(index + 1) % ids.Length]), round)));
            if (round % 5 == 0) snapshots.Add(cluster.TakeAsync($"s{round}"));
        }

        await Task.WhenAll(snapshots);
        var expected = Enumerable.Range(1, Rounds).Select(amount => (long)amount).ToArray();
        foreach (var id in ids) await cluster.UntilTakenAsync(id, expected);
        foreach (var id in ids) Assert.Equal(1000, (await cluster.Letters(id).GetAsync()).Balance);
        var harm = cluster.Queues.Select(queue => queue.Harm).ToList();
        var (lost, repeated, overtaken, refused) =
            (harm.Sum(each => each.Lost), harm.Sum(each => each.Repeated), harm.Sum(each => each.Overtaken), harm.Sum(each => each.Refused));
        Assert.True(
            lost > 0 && repeated > 0 && overtaken > 0 && refused > 0, $"{lost} lost, {repeated} repeated, {overtaken} overtaken, {refused} refused");
    }

    /// <summary>Back-pressure: nobody's call fails, nothing is lost, and what waited leaves in order.</summary>
    [Fact]
    public async Task While_the_queue_is_full_callers_are_answered_and_letters_wait_in_order()
    {
        await cluster.OpenAsync("full-from", "full-to");
        foreach (var queue in cluster.Queues) (queue.IsBad, queue.RefuseNext) = (false, 8);
        var expected = Enumerable.Range(1, 30).Select(amount => (long)amount).ToArray();
        foreach (var amount in expected) await cluster.Letters("full-from").SendAsync(new("full-to"), amount);
        await cluster.UntilTakenAsync("full-to", expected);
        Assert.Contains(cluster.Queues, queue => queue.RefuseNext == 0);
        foreach (var queue in cluster.Queues) (queue.IsBad, queue.RefuseNext) = (true, 0);
    }
}
