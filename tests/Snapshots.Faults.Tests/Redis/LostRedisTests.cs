namespace Snapshots.Faults.Tests;

/// <summary>The Redis goes away and comes back, under load.</summary>
[Collection(nameof(ClusterFixture))]
public sealed class LostRedisTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_redis_that_hangs_and_one_that_is_killed_turn_readiness_red_and_lose_nothing()
    {
        var cluster = await fixture.ThreeSilosAsync();
        using var load = await Load.StartAsync(cluster.Bank);
        for (var round = 0; round < Campaign.Rounds; round++)
        {
            cluster.Redis.Send(Signal.Stop);
            await RedAsync(cluster, "storage: Redis has not answered within 2 seconds\n");
            cluster.Redis.Send(Signal.Continue);
            await GreenAsync(cluster, "it goes on");
            await cluster.Bank.AnsweredAsync(100);

            await cluster.Redis.KillAsync();
            await RedAsync(cluster, "storage: Redis cannot be reached");
            await cluster.Redis.RestartAsync();
            await GreenAsync(cluster, "it is started again");
            var again = await cluster.Bank.AnsweredAsync(100);
            Campaign.Say($"{again.TotalSeconds:0.0} s from ready to the first answers");
        }

        await load.StopAsync();
        var history = await cluster.Bank.CheckBalancesAsync();
        var (completed, aborted) = await cluster.Bank.CheckSnapshotsAsync();
        Campaign.Say($"{history.Accepted} accepted, {completed} snapshots completed, {aborted} aborted");
        Assert.All(cluster.Silos, silo => Assert.False(silo.Process.HasExited, silo.Process.ToString()));
    }

    private static async Task RedAsync(Cluster cluster, string says)
    {
        var body = "";
        var red = await Wait.UntilAsync($"every silo says: {says}", async () =>
        {
            var all = await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadinessAsync()));
            body = all[0].Body;
            return all.All(one => !one.IsReady && one.Body.StartsWith(says, StringComparison.Ordinal));
        });
        Campaign.Say($"red after {red.TotalSeconds:0.0} s: {body.TrimEnd()}");
        Assert.True(await cluster.Silos[0].IsLiveAsync());
    }

    private static async Task GreenAsync(Cluster cluster, string since)
    {
        var green = await Wait.UntilAsync("every silo is ready again", async () =>
            (await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadinessAsync()))).All(one => one.IsReady));
        Campaign.Say($"green {green.TotalSeconds:0.0} s after {since}");
    }
}
