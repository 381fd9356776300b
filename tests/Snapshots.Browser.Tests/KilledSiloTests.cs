using Snapshots.Silo.Tests;

namespace Snapshots.Browser.Tests;

public sealed class KilledSiloTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_silo_that_is_killed_is_missed_and_comes_back()
    {
        using var folder = new TemporaryFolder();
        await using var silo = SiloProcess.StartOnFreePorts(folder.Path);
        var http = (await silo.Ready()).Http;
        await using var view = await browser.OpenAsync(new($"http://{http}/"), isPatient: true);
        var health = view.Card("Health");
        await Assertions.Expect(health).ToContainTextAsync("ready");

        silo.Signal(SignalKill);
        var banner = view.Page.Locator("#connection");
        await Assertions.Expect(banner).ToContainTextAsync("The silo does not answer.");
        await view.Button("Take a snapshot").ClickAsync();
        await Assertions.Expect(view.Page.Locator(".notice.bad")).ToContainTextAsync("can be repeated when it is back");

        await using var again = SiloProcess.StartOnFreePorts(folder.Path, "--http-port", $"{http.Port}");
        await again.Ready();
        await Assertions.Expect(banner).ToBeHiddenAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(health).ToContainTextAsync("ready");
    }

    private const int SignalKill = 9;
}
