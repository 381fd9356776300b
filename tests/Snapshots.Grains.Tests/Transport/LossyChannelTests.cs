using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Grains.Tests;

public sealed class LossyChannelTests(LossyCluster cluster) : IClassFixture<LossyCluster>
{
    [Fact]
    public async Task Channels_deliver_each_letter_once_and_in_order_and_snapshots_complete()
    {
        string[] ids = ["n1", "n2", "n3", "n4"];
        await cluster.OpenAsync(ids);
        var snapshots = new List<Task>();
        for (var round = 1; round <= 15; round++)
        {
            await Task.WhenAll(ids.Select((id, index) => cluster.Letters(id).SendAsync(new(ids[(index + 1) % ids.Length]), round)));
            if (round % 5 == 0) snapshots.Add(cluster.TakeAsync($"s{round}"));
        }

        await Task.WhenAll(snapshots);
        var expected = Enumerable.Range(1, 15).Select(amount => (long)amount).ToArray();
        foreach (var id in ids) await cluster.UntilTakenAsync(id, expected);
        foreach (var id in ids) Assert.Equal(1000, (await cluster.Letters(id).GetAsync()).Balance);
        var gates = cluster.AllSilos.Select(silo => silo.GetRequiredService<LossyGate>().Harm).ToList();
        var (lost, repeated, reordered) = (gates.Sum(harm => harm.Lost), gates.Sum(harm => harm.Repeated), gates.Sum(harm => harm.Reordered));
        Assert.True(lost > 0 && repeated > 0 && reordered > 0, $"{lost} lost, {repeated} repeated, {reordered} reordered");
    }
}
