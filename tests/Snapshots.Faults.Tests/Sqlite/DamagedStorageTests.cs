using System.Globalization;

namespace Snapshots.Faults.Tests;

/// <summary>The disk fails the silo: what is told, and that nothing was accepted that is not kept.</summary>
public sealed class DamagedStorageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_database_that_was_damaged_is_named_and_left_alone()
    {
        using var bank = new BankUnderTest($"--embedded --data {_folder["data"]}");
        await ClientCommands.ShowAsync($"load {BankUnderTest.LoadOptions} --transfers 500 {bank.Connection}");
        var database = Path.Combine(_folder["data"], "snapshots.db");
        var content = await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken);
        Array.Fill(content, (byte)0xA5, content.Length / 2, content.Length / 4);
        await File.WriteAllBytesAsync(database, content, TestContext.Current.CancellationToken);

        await using var silo = ServerProcess.Start(
            ServerProcess.SiloFile,
            _folder.Path,
            "--data",
            _folder["data"],
            "--silo-port=0",
            "--gateway-port=0",
            "--http-port=0");
        Assert.Equal(1, await silo.ExitAsync());
        Assert.Empty(silo.Output);
        Assert.StartsWith(
            $"The database {database} is damaged: ", Assert.Single(silo.Errors), StringComparison.Ordinal);
        Campaign.Say(silo.Errors.Single());
        Assert.Equal(content, await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_disk_without_room_refuses_and_keeps_what_was_accepted()
    {
        using var bank = new BankUnderTest($"--embedded --data {_folder["data"]}");
        bank.CreateJournal();

        // No file may grow beyond this many kilobytes; the runtime's own memory files must not count.
        const int MaxBlocks = 1500;
        var limited = string.Create(
            CultureInfo.InvariantCulture,
            $"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f {MaxBlocks}; exec \"$0\" \"$@\"");
        await using (var silo = await Silo.ReadyAsync(ServerProcess.Start(
            "bash",
            _folder.Path,
            "-c",
            limited,
            ServerProcess.SiloFile,
            "--data",
            _folder["data"],
            "--silo-port=0",
            "--gateway-port=0",
            "--http-port=0")))
        {
            var load = ClientCommands.RunAsync(
                $"load {BankUnderTest.LoadOptions} --duration 100000 --snapshot-every 1 --timeout 5 --journal "
                    + $"{bank.Journal} --gateway {silo.Gateway}",
                interrupted: TestContext.Current.CancellationToken);
            await Wait.UntilAsync(
                "the silo says that it is not ready", async () => !(await silo.ReadinessAsync()).IsReady);
            Campaign.Say((await silo.ReadinessAsync()).Body.TrimEnd());
            Assert.True(await silo.IsLiveAsync());

            // The load ends by itself: no transfer is settled, and the reason comes from the storage.
            var result = await load;
            Campaign.Say(result.Json.GetProperty("error").GetProperty("message").GetString()!);
            Assert.Equal(1, result.ExitCode);
            Assert.True(result.Number("accepted") > 0);
            silo.Process.Send(Signal.Terminate);
            await silo.Process.ExitAsync();
        }

        // With room again.
        var history = await bank.CheckBalancesAsync();
        await bank.CheckSnapshotsAsync();
        Campaign.Say($"{history.Accepted} accepted before the disk was full");
    }
}
