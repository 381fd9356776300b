using System.Diagnostics;
using System.Net;

namespace Snapshots.Silo.Tests;

public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_stops_cleanly_and_an_account_survives()
    {
        string[] arguments = ["--data", _folder.Below("deep/data"), "--cluster-id", "c1", "--service-id", "s1"];
        await using (var silo = SiloProcess.StartOnFreePorts(_folder.Path, arguments))
        {
            var ready = await silo.Ready();
            await using (var bank = await BankClient.Connect(ready.Gateway, "c1", "s1"))
                Assert.True((await bank.Account("alice").OpenAsync(70)).IsAccepted);
            (await silo.Stop(NativeMethods.SignalTerminate)).IsClean();
        }

        AssertIsPutAway(_folder.Below("deep/data"));

        // The second time at another address, with a client that is still connected when it stops.
        await using (var silo = SiloProcess.StartOnFreePorts(_folder.Path, [.. arguments, "--address", "127.0.0.2"]))
        {
            var ready = await silo.Ready();
            Assert.Equal("127.0.0.2", ready.Gateway.Address.ToString());
            Assert.Equal("127.0.0.2", ready.Http.Address.ToString());
            await using var bank = await BankClient.Connect(ready.Gateway, "c1", "s1");
            Assert.Equal(70, (await bank.Account("alice").GetAsync()).Balance);
            (await silo.Stop(NativeMethods.SignalInterrupt)).IsClean();
        }

        AssertIsPutAway(_folder.Below("deep/data"));
    }

    [Fact]
    public async Task It_stops_cleanly_while_it_starts()
    {
        using var free = new PortOccupant();
        var port = free.Port;
        var http = IPEndPoint.Parse($"127.0.0.1:{port}");
        free.Dispose();
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--http-port", port);
        var watch = Stopwatch.StartNew();
        while (!await IsLive(http) && watch.Elapsed < TimeSpan.FromSeconds(60)) await Task.Yield();

        var exit = await silo.Stop();
        Assert.Equal(0, exit.Code);
        AssertIsPutAway(_folder.Below("data"));
    }

    private static async Task<bool> IsLive(IPEndPoint http)
    {
        try
        {
            return (await Http.Get(http, "/health/live")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static void AssertIsPutAway(string directory)
    {
        Assert.Equal(["lock", "snapshots.db"], Directory.GetFiles(directory).Select(Path.GetFileName).Order());
        using var held = new FileStream(
            Path.Combine(directory, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }
}
