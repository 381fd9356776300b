namespace Snapshots.Faults.Tests;

/// <summary>A disk that hangs, and one that has lost all that was never synced, as after a loss of power.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_disk_that_hangs_turns_readiness_red_and_loses_nothing()
    {
        await using var silo = await Silo.StartUnderAsync(
            Shim.With($"SHIM_HOLD={_folder["hold"]}"), _folder.Path, "--data", _folder["data"], "--gateway-port=0");
        using var bank = new BankUnderTest($"--gateway {silo.Gateway}");
        using var load = await Load.StartAsync(bank);
        await File.WriteAllTextAsync(_folder["hold"], "", TestContext.Current.CancellationToken);

        var body = "";
        var red = await Wait.UntilAsync("the silo says that it is not ready", async () =>
        {
            (var isReady, body) = await silo.ReadinessAsync();
            return !isReady;
        });
        Campaign.Say($"red after {red.TotalSeconds:0.0} s: {body.TrimEnd()}");
        Assert.StartsWith("storage: The disk has not finished a write for ", body, StringComparison.Ordinal);
        Assert.True(await silo.IsLiveAsync());

        File.Delete(_folder["hold"]);
        await Wait.UntilAsync("the silo is ready again", async () => (await silo.ReadinessAsync()).IsReady);
        await bank.AnsweredAsync(50);
        await load.StopAsync();
        await bank.CheckBalancesAsync();
        await bank.CheckSnapshotsAsync();
    }

    /// <summary>SIGKILL alone shows nothing of this: what was written stays in the memory of the machine.</summary>
    [Fact]
    public async Task A_loss_of_power_takes_nothing_that_was_accepted()
    {
        var random = Campaign.Random(nameof(A_loss_of_power_takes_nothing_that_was_accepted));
        var silo = await StartAsync("0");
        using var bank = new BankUnderTest($"--gateway {silo.Gateway}");
        try
        {
            using var load = await Load.StartAsync(bank);
            for (var loss = 0; loss < 3 * Campaign.Rounds; loss++)
            {
                await bank.AnsweredAsync(100 + random.Next(300));
                await silo.Process.KillAsync();
                await silo.DisposeAsync();
                LosePower();
                silo = await StartAsync(silo.Gateway.Split(':')[1]);
                await bank.AnsweredAsync(50);
            }

            await load.StopAsync();
            var history = await bank.CheckBalancesAsync();
            var (completed, aborted) = await bank.CheckSnapshotsAsync();
            Campaign.Say($"{history.Accepted} accepted, {completed} snapshots completed, {aborted} aborted");
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>
    /// The test above can fail: where the disk answers syncs and does nothing, as with <c>synchronous = OFF</c>,
    /// accepted transfers are gone.
    /// </summary>
    [Fact]
    public async Task Where_nothing_is_synced_a_loss_of_power_is_noticed()
    {
        using var bank = await LoseUnsyncedAsync();
        await using var silo = await StartAsync("0");
        var (expected, actual) = await bank.CompareAsync($"--gateway {silo.Gateway}");
        Assert.NotEqual(expected, actual);
    }

    private async Task<BankUnderTest> LoseUnsyncedAsync()
    {
        await using var silo = await StartAsync("0");
        var bank = new BankUnderTest($"--gateway {silo.Gateway}");
        using var load = await Load.StartAsync(bank);
        await File.WriteAllTextAsync(_folder["lie"], "", TestContext.Current.CancellationToken);
        await bank.AnsweredAsync(300);
        await load.StopAsync();
        await silo.Process.KillAsync();
        LosePower();
        File.Delete(_folder["lie"]);
        return bank;
    }

    private Task<Silo> StartAsync(string gatewayPort)
    {
        Directory.CreateDirectory(_folder["data.synced"]);
        return Silo.StartUnderAsync(
            Shim.With($"SHIM_DISK={_folder["data"]}", $"SHIM_LIE={_folder["lie"]}"),
            _folder.Path,
            "--data",
            _folder["data"],
            $"--gateway-port={gatewayPort}");
    }

    /// <summary>Leaves of each file what was synced of it.</summary>
    private void LosePower()
    {
        Directory.Delete(_folder["data"], recursive: true);
        Directory.CreateDirectory(_folder["data"]);
        foreach (var file in Directory.EnumerateFiles(_folder["data.synced"]))
            File.Copy(file, Path.Combine(_folder["data"], Path.GetFileName(file)));
    }
}
