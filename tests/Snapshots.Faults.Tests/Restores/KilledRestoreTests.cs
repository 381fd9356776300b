using Snapshots.Protocol;

namespace Snapshots.Faults.Tests;

/// <summary>One silo on SQLite, killed with SIGKILL inside restores, under load.</summary>
public sealed class KilledRestoreTests : IDisposable
{
    private const int Restores = 3;
    private const int KillsPerRestore = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_silo_that_is_killed_again_and_again_completes_each_restore()
    {
        var random = Campaign.Random(nameof(A_silo_that_is_killed_again_and_again_completes_each_restore));
        var silo = await StartAsync("0");
        using var bank = new BankUnderTest($"--gateway {silo.Gateway}");
        try
        {
            using var load = await Load.StartAsync(bank);
            await using var probe = await BankProbe.ConnectAsync(silo.Gateway);
            var inside = new SortedDictionary<RestoreStatus, int>();
            for (var restore = 1; restore <= Restores * Campaign.Rounds; restore++)
            {
                await bank.AnsweredAsync(100 + random.Next(200));
                await ClientCommands.ShowAsync($"snapshot take --id s{restore} {bank.Connection}");
                await bank.AnsweredAsync(100);
                var number = await probe.BeginRestoreAsync($"s{restore}");
                for (var kill = 0; kill < KillsPerRestore; kill++)
                {
                    var reached = await probe.RestoreIsAtAsync(number, (RestoreStatus)random.Next(3));
                    if (reached >= RestoreStatus.Completed) break;
                    await Task.Delay(random.Next(30), TestContext.Current.CancellationToken);
                    await silo.Process.KillAsync();
                    await silo.DisposeAsync();
                    inside[reached] = inside.GetValueOrDefault(reached) + 1;
                    silo = await StartAsync(silo.Gateway.Split(':')[1]);
                }

                await bank.RestoreCompletesAsync(number);
            }

            await bank.AnsweredAsync(100);
            await load.StopAsync();
            Campaign.Say($"kills inside restores: {string.Join(", ", inside)}");
            Assert.NotEmpty(inside);
            await bank.CheckBalancesAsync(wasRestored: true);
            await bank.CheckSnapshotsAsync();
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_archive_for_which_the_disk_has_no_room_leaves_no_file()
    {
        await using var silo = await StartAsync("0");
        var gateway = $"--gateway {silo.Gateway}";
        await ClientCommands.ShowAsync($"load --accounts 400 --transfers 2000 {gateway}");
        await ClientCommands.ShowAsync($"snapshot take --id s --summary {gateway}");
        var folder = Directory.CreateDirectory(_folder["full"]).FullName;
        string[] line = [.. Shim.With($"SHIM_FULL={folder}"), ServerProcess.ClientFile];
        foreach (var command in new[] { "archive", "export" })
        {
            await using var client = ServerProcess.Start(
                line[0], _folder.Path, [.. line[1..], "snapshot", command, "s", "--file", $"{folder}/s", .. gateway.Split(' ')]);
            Assert.Equal(1, await client.ExitAsync());
            Assert.Equal([$"error: {folder}/s cannot be written: No space left on device"], client.Errors);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
    }

    private Task<Silo> StartAsync(string gatewayPort) =>
        Silo.StartAsync(_folder.Path, "--data", _folder["data"], $"--gateway-port={gatewayPort}");
}
