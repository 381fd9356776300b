namespace Snapshots.Faults.Tests;

/// <summary>Clocks that differ: between silos by a second, at a client by a day.</summary>
public sealed class ClockTests
{
    /// <summary>
    /// Silos compare the signatures of the membership with their own clocks. One that seems not to have signed for four
    /// seconds is removed.
    /// </summary>
    private static readonly int[] Ahead = [0, 1, -1];

    [Fact]
    public async Task Silos_whose_clocks_differ_by_seconds_lose_nothing_and_complete_snapshots()
    {
        await using var cluster = await Cluster.StartAsync();
        foreach (var seconds in Ahead) await cluster.AddSiloAsync(Shim.With($"SHIM_CLOCK={seconds}"));
        using (var load = await Load.StartAsync(cluster.Bank))
        {
            await cluster.Bank.AnsweredAsync(300);
            await load.StopAsync();
        }

        await cluster.Bank.CheckBalancesAsync();
        var (completed, aborted) = await cluster.Bank.CheckSnapshotsAsync();
        Campaign.Say($"{completed} snapshots completed, {aborted} aborted");
        Assert.True(completed > 0);
        Assert.All(cluster.Silos, silo => Assert.False(silo.Process.HasExited, silo.Process.ToString()));
    }

    [Fact]
    public async Task A_client_whose_clock_is_a_day_ahead_is_refused_and_closes_no_account_to_others()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await Silo.StartAsync(folder.Path, "--data", folder["data"], "--gateway-port=0");
        var connection = $"--gateway {silo.Gateway}";
        await ClientCommands.ShowAsync($"account open alice --deposit 10 {connection}");
        await ClientCommands.ShowAsync($"account open bob {connection}");

        var refused = await ClientCommands.RunAsync($"transfer alice bob 1 {connection}", new AheadTime(TimeSpan.FromDays(1)), TestContext.Current.CancellationToken);
        Assert.Equal((8, "keyFromFuture"), (refused.ExitCode, refused.Json.GetProperty("error").GetProperty("code").GetString()));
        await ClientCommands.ShowAsync($"transfer alice bob 1 {connection}");
    }

    private sealed class AheadTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
