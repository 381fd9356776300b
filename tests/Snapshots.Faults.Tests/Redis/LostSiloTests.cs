using System.Diagnostics;

namespace Snapshots.Faults.Tests;

/// <summary>Three silos on a real Redis, of which some are lost under load.</summary>
[Collection(nameof(ClusterFixture))]
public sealed class LostSiloTests(ClusterFixture fixture)
{
    /// <summary>
    /// In a campaign the bound that is promised for a machine that is not overloaded; otherwise one that tells a recovery
    /// from none. What is measured is told.
    /// </summary>
    private static readonly TimeSpan MaxRecovery = TimeSpan.FromSeconds(Campaign.Rounds > 1 ? 10 : 25);

    [Fact]
    public async Task Killed_silos_are_replaced_and_all_accounts_served_within_seconds()
    {
        var random = Campaign.Random(nameof(Killed_silos_are_replaced_and_all_accounts_served_within_seconds));
        var cluster = await fixture.ThreeSilosAsync();
        using var load = await Load.StartAsync(cluster.Bank);
        await using var probe = await BankProbe.ConnectAsync(cluster.Redis);
        for (var kill = 0; kill < 2 * Campaign.Rounds; kill++)
        {
            await cluster.Bank.AnsweredAsync(50 + random.Next(200));
            // Not the newest, which has hardly an account yet.
            await using (var victim = cluster.Take(random.Next(2))) await victim.Process.KillAsync();
            var resent = await cluster.CounterAsync("snapshots_frames_resent_total");
            var served = await probe.AllServedAsync();
            var sentAgain = await cluster.CounterAsync("snapshots_frames_resent_total") - resent;
            Campaign.Say(
                $"all accounts served {served.TotalSeconds:0.0} s after a kill; {sentAgain} frames sent again "
                    + "meanwhile");
            Assert.True(served < MaxRecovery, $"all accounts were served only after {served}");
            await cluster.AddSiloAsync();
        }

        await EndAsync(cluster, load, $"{2 * Campaign.Rounds} kills");
    }

    [Fact]
    public async Task Two_silos_that_are_killed_at_once_leave_the_third_to_serve_all()
    {
        var cluster = await fixture.ThreeSilosAsync();
        using var load = await Load.StartAsync(cluster.Bank);
        await using var probe = await BankProbe.ConnectAsync(cluster.Redis);
        for (var round = 0; round < Campaign.Rounds; round++)
        {
            await cluster.Bank.AnsweredAsync(100);
            await using (Silo one = cluster.Take(0), other = cluster.Take(0))
                await Task.WhenAll(one.Process.KillAsync(), other.Process.KillAsync());
            var served = await probe.AllServedAsync();
            Campaign.Say(
                $"all accounts served {served.TotalSeconds:0.0} s after two of three silos were killed at once");
            Assert.True(served < MaxRecovery * 2, $"all accounts were served only after {served}");
            await Task.WhenAll(cluster.AddSiloAsync(), cluster.AddSiloAsync());
        }

        await EndAsync(cluster, load, $"{2 * Campaign.Rounds} kills, in pairs");
    }

    [Fact]
    public async Task What_was_on_its_way_when_a_silo_was_killed_arrives_without_traffic()
    {
        var cluster = await fixture.ThreeSilosAsync();
        for (var round = 0; round < Campaign.Rounds; round++)
        {
            CommandResult stopped;
            TimeSpan quiet;
            long resent;
            using (var load = await Load.StartAsync(cluster.Bank))
            {
                resent = await cluster.CounterAsync("snapshots_frames_resent_total");
                var ending = load.StopAsync();
                await using (var victim = cluster.Take(0))
                {
                    resent -= await victim.CounterAsync("snapshots_frames_resent_total");
                    await victim.Process.KillAsync();
                }

                // Nobody asks any account anything: who has something on its way must wake by itself.
                quiet = await cluster.QuietAsync();
                stopped = await ending;
            }

            resent = await cluster.CounterAsync("snapshots_frames_resent_total") - resent;
            Campaign.Say(
                $"last write {quiet.TotalSeconds:0.0} s after the kill; {resent} frames sent again; "
                    + $"{stopped.Number("unknown")} calls unknown");
            await cluster.Bank.CheckBalancesAsync();
            await cluster.AddSiloAsync();
        }
    }

    [Fact]
    public async Task A_silo_that_was_suspended_for_too_long_ends_and_writes_nothing_that_counts()
    {
        var cluster = await fixture.ThreeSilosAsync();
        using var load = await Load.StartAsync(cluster.Bank);
        await using var probe = await BankProbe.ConnectAsync(cluster.Redis);
        for (var round = 0; round < Campaign.Rounds; round++)
        {
            await cluster.Bank.AnsweredAsync(100);
            await using var zombie = cluster.Take(0);
            zombie.Process.Send(Signal.Stop);
            var served = await probe.AllServedAsync();
            Campaign.Say($"all accounts served {served.TotalSeconds:0.0} s after a silo was suspended");
            await cluster.Bank.AnsweredAsync(100);
            var wokenAt = Stopwatch.GetTimestamp();
            zombie.Process.Send(Signal.Continue);
            Assert.Equal(1, await zombie.Process.ExitAsync());
            Campaign.Say($"it ended {Stopwatch.GetElapsedTime(wokenAt).TotalSeconds:0.0} s after it went on");
            Assert.Contains(
                "The silo must stop: the other silos declared it dead, because it did not answer them.",
                zombie.Process.Errors);
            await cluster.AddSiloAsync();
        }

        await EndAsync(cluster, load, $"{Campaign.Rounds} suspended silos");
    }

    [Fact]
    public async Task A_rolling_restart_fails_no_call_that_a_retry_does_not_settle()
    {
        var cluster = await fixture.ThreeSilosAsync();
        using var load = await Load.StartAsync(cluster.Bank);
        for (var restart = 0; restart < 3 * Campaign.Rounds; restart++)
        {
            await cluster.Bank.AnsweredAsync(100);
            var stoppedAt = Stopwatch.GetTimestamp();
            await using (var old = cluster.Take(0))
            {
                old.Process.Send(Signal.Terminate);
                Assert.Equal(0, await old.Process.ExitAsync());
            }

            Campaign.Say($"stopped within {Stopwatch.GetElapsedTime(stoppedAt).TotalSeconds:0.0} s");
            await cluster.AddSiloAsync();
        }

        await EndAsync(cluster, load, $"{3 * Campaign.Rounds} restarts");
    }

    private static async Task EndAsync(Cluster cluster, Load load, string what)
    {
        await cluster.Bank.AnsweredAsync(100);
        var result = await load.StopAsync();
        var history = await cluster.Bank.CheckBalancesAsync();
        var (completed, aborted) = await cluster.Bank.CheckSnapshotsAsync();
        Campaign.Say(
            $"{what}: {history.Accepted} accepted, {history.Refused} refused, "
                + $"{result.Json.GetProperty("transfersPerSecond")} transfers/s "
            + $"through it all, longest {result.Json.GetProperty("latencyMs").GetProperty("max")} ms; "
            + $"{completed} snapshots completed, {aborted} aborted");
    }
}
