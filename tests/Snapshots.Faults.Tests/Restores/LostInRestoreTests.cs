using Snapshots.Protocol;

namespace Snapshots.Faults.Tests;

/// <summary>
/// Three silos on a real Redis, of which some, or the Redis, are lost inside restores, under load. They have a cluster
/// of their own: a restore takes outcomes back, which the other tests must not see.
/// </summary>
public sealed class LostInRestoreTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Theory]
    [InlineData(nameof(RestoreStatus.Closing))]
    [InlineData(nameof(RestoreStatus.Applying))]
    public async Task Two_of_three_silos_are_killed_and_the_restore_completes(string status)
    {
        var cluster = await fixture.ThreeSilosAsync();
        await RestoreAsync(cluster, Enum.Parse<RestoreStatus>(status), async () =>
        {
            await using (Silo one = cluster.Take(0), other = cluster.Take(0))
                await Task.WhenAll(one.Process.KillAsync(), other.Process.KillAsync());
            await Task.WhenAll(cluster.AddSiloAsync(), cluster.AddSiloAsync());
        });
    }

    [Theory]
    [InlineData(nameof(RestoreStatus.Preparing))]
    [InlineData(nameof(RestoreStatus.Closing))]
    [InlineData(nameof(RestoreStatus.Applying))]
    public async Task The_Redis_is_killed_and_the_restore_completes(string status)
    {
        var cluster = await fixture.ThreeSilosAsync();
        await RestoreAsync(cluster, Enum.Parse<RestoreStatus>(status), async () =>
        {
            await cluster.Redis.KillAsync();
            await cluster.Redis.RestartAsync();
        });
    }

    /// <summary>Loses something once a restore is that far; the next restore is tried when this one was faster.</summary>
    private static async Task RestoreAsync(Cluster cluster, RestoreStatus status, Func<Task> lose)
    {
        const int MaxTries = 10;
        using var load = await Load.StartAsync(cluster.Bank);
        await using var probe = await BankProbe.ConnectAsync(cluster.Redis);
        for (var (tries, reached) = (0, RestoreStatus.Completed); reached != status; tries++)
        {
            Assert.True(tries < MaxTries, $"no restore was seen {status}");
            await cluster.Bank.AnsweredAsync(100);
            var id = (await ClientCommands.ShowAsync($"snapshot take {cluster.Bank.Connection}")).GetProperty("id");
            await cluster.Bank.AnsweredAsync(100);
            var number = await probe.BeginRestoreAsync(id.GetString()!);
            reached = await probe.RestoreIsAtAsync(number, status);
            if (reached == status) await lose();
            var restore = await cluster.Bank.RestoreCompletesAsync(number);
            Campaign.Say($"lost while the restore was {reached}: {restore}");
        }

        await cluster.Bank.AnsweredAsync(100);
        await load.StopAsync();
        await cluster.Bank.CheckBalancesAsync(wasRestored: true);
        await cluster.Bank.CheckSnapshotsAsync();
    }
}
