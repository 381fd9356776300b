namespace Snapshots.Faults.Tests;

/// <summary>
/// Two of three silos cannot reach each other; the third and the Redis reach both. So no silo is declared dead.
/// </summary>
public sealed class PartitionTests
{
    [Fact]
    public async Task A_link_that_is_cut_turns_both_of_its_ends_red_and_loses_nothing()
    {
        using var network = Namespaces.Create(hosts: 3);
        await using var cluster = await Cluster.StartAsync(network.Machine);
        var token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, "token-of-this-test", TestContext.Current.CancellationToken);
        for (var host = 0; host < 3; host++)
        {
            await cluster.AddSiloAsync(
                network.On(host), "--address", network.Address(host), "--http-token-file", token);
        }

        File.Delete(token);
        using var load = await Load.StartAsync(cluster.Bank);

        network.Cut(1, 2);
        var red = await Wait.UntilAsync("both ends of the link are not ready", async () =>
        {
            var (one, other) = (await cluster.Silos[1].ReadinessAsync(), await cluster.Silos[2].ReadinessAsync());
            return !one.IsReady && !other.IsReady;
        });
        var body = (await cluster.Silos[1].ReadinessAsync()).Body;
        Campaign.Say($"red after {red.TotalSeconds:0.0} s: {body.TrimEnd()}");
        Assert.StartsWith($"cluster: no answer for 10 s from {network.Address(2)}:", body, StringComparison.Ordinal);
        Assert.True((await cluster.Silos[0].ReadinessAsync()).IsReady);

        network.Heal(1, 2);
        var green = await Wait.UntilAsync("all are ready", async () =>
            (await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadinessAsync()))).All(one => one.IsReady));
        Campaign.Say($"green {green.TotalSeconds:0.0} s after the link is whole");
        await cluster.Bank.AnsweredAsync(100);
        await load.StopAsync();
        await cluster.Bank.CheckBalancesAsync();
        await cluster.Bank.CheckSnapshotsAsync();
        Assert.All(cluster.Silos, silo => Assert.False(silo.Process.HasExited, silo.Process.ToString()));
    }
}
