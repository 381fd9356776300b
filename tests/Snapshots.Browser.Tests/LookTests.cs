using System.Reflection;
using Deque.AxeCore.Playwright;
using Snapshots.Bank;
using Snapshots.Page.Tests;
using Snapshots.Samples;

namespace Snapshots.Browser.Tests;

/// <summary>
/// How each view looks, from 360 pixels up, in light and dark: without violations of the rules for accessibility, and
/// without a bar to scroll sideways. With SNAPSHOTS_IMAGES=DIR it writes a picture of each, and those of the README into
/// docs/images.
/// </summary>
public sealed class LookTests(BrowserFixture browser, TestSilo silo)
{
    private static readonly string? Images = Environment.GetEnvironmentVariable("SNAPSHOTS_IMAGES");

    private static readonly string Published = Path.GetFullPath(typeof(LookTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ImagesFolder").Value!);

    /// <summary>Name, application, fragment, and a text that shows that the view is complete.</summary>
    private static readonly (string Name, string Application, string Fragment, string Text)[] Views =
    [
        ("overview", "bank", "", "Latest snapshots"),
        ("snapshots", "bank", "snapshots", "Aborted after, seconds"),
        ("certificate", "bank", "snapshots/look-bank", "Money is conserved"),
        ("members", "bank", "snapshots/look-bank/members", "account-00049"),
        ("channels", "bank", "snapshots/look-bank/channels", "rent-40-1"),
        ("diagram", "bank", "snapshots/look-bank/diagram", "Open the diagram by itself"),
        ("checks", "locks", "snapshots/look-locks/checks", "finding"),
        ("query", "bank", "snapshots/look-bank/query", "Statement in SQL"),
        ("difference", "bank", "snapshots/look-bank/difference", "Since the snapshot"),
        ("aborted", "notes", "snapshots/look-aborted", "aborted by the user"),
        ("missing", "notes", "snapshots/none", "does not exist"),
        ("restores", "objects", "restores", "Revert"),
        ("silos", "bank", "silos", "Activations"),
    ];

    private static readonly string[] InReadme =
        ["overview-1440-light", "channels-1440-light", "running-360-dark"];

    /// <summary>Two looks show all rules; a person looks at all four.</summary>
    private static readonly (int Width, ColorScheme Scheme)[] Looks = Images is null
        ? [(1440, ColorScheme.Light), (360, ColorScheme.Dark)]
        : [(1440, ColorScheme.Light), (1440, ColorScheme.Dark), (360, ColorScheme.Light), (360, ColorScheme.Dark)];

    [Fact]
    public async Task Every_view_is_accessible_and_fits()
    {
        await PrepareAsync();
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(server.Address, isPatient: true);
        var problems = new List<string>();
        foreach (var (index, (name, application, fragment, text)) in Views.Index())
        {
            await view.Page.GotoAsync("about:blank");
            await view.Page.GotoAsync(ViewTests.Of(server, application, fragment).ToString());
            await Assertions.Expect(view.Page.GetByText(text).First).ToBeAttachedAsync();
            await PrepareViewAsync(view, name);
            for (var look = 0; look < Looks.Length; look++)
            {
                var (width, scheme) = Looks[look];
                await view.Page.SetViewportSizeAsync(width, 900);
                await view.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                // The rules take a second: each view is held to them in one look, the next view in the other one.
                await LookAsync(view, name, width, scheme, problems, Images is not null || look == index % 2);
            }
        }

        Assert.Empty(problems);
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task The_form_to_sign_in_is_accessible_and_fits(int width, ColorScheme scheme)
    {
        await using var server = await PageServer.StartAsync(silo, options => options.Token = "secret");
        await using var view = await browser.OpenAsync(server.Address, width, scheme, isPatient: true);
        await view.Page.GetByLabel("Token").FillAsync("wrong");
        await view.Button("Sign in").ClickAsync();
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        var problems = new List<string>();
        await LookAsync(view, "sign-in", width, scheme, problems);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task A_snapshot_that_runs_is_accessible_and_fits(int width, ColorScheme scheme)
    {
        var id = $"look-running-{width}";
        using var hold = NotesApplication.HoldAt(id);
        await silo.Grains.GetGrain<INotes>("look").SendAsync(id, id);
        await hold.IsHeld;
        var snapshots = silo.Snapshots(NotesApplication.Name);
        await snapshots.BeginAsync(new(new(id), default, TimeSpan.FromSeconds(60)));
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(
            ViewTests.Of(server, NotesApplication.Name, $"snapshots/{id}"), width, scheme);
        await Assertions.Expect(view.Page.Locator(".waiting")).ToContainTextAsync(id);
        var problems = new List<string>();
        await LookAsync(view, "running", width, scheme, problems);
        hold.Dispose();
        await Assertions.Expect(view.Heading("Certificate")).ToBeVisibleAsync();
        Assert.Empty(problems);
    }

    private static async Task PrepareViewAsync(BrowserPage view, string name)
    {
        if (name == "query") await view.Button("Ask").ClickAsync();
        if (name == "query") await Assertions.Expect(view.Text("20 rows")).ToBeVisibleAsync();
        if (name == "difference") await view.Button("Compare").ClickAsync();
        if (name == "difference") await Assertions.Expect(view.Page.GetByText("fields changed")).ToBeVisibleAsync();
        if (name == "restores") await view.Button("Plan").ClickAsync();
        if (name == "restores") await Assertions.Expect(view.Page.GetByText("Plan: back to")).ToBeVisibleAsync();
        if (name == "snapshots") await view.Page.Locator("summary").ClickAsync();
        await Assertions.Expect(view.Text("Reading…")).ToHaveCountAsync(0);
    }

    private static async Task LookAsync(
        BrowserPage view, string name, int width, ColorScheme scheme, List<string> problems, bool hasRules = true)
    {
        var label = $"{name}-{width}-{(scheme == ColorScheme.Dark ? "dark" : "light")}";
        if (Images is not null)
        {
            await view.Page.ScreenshotAsync(new() { Path = Path.Combine(Images, $"{label}.png"), FullPage = true });
            if (InReadme.Contains(label))
                await view.Page.ScreenshotAsync(new() { Path = Path.Combine(Published, $"page-{name}.png") });
        }

        var wide = await view.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth - innerWidth");
        if (wide > 0) problems.Add($"{label}: {wide} pixels too wide");
        if (!hasRules) return;
        foreach (var violation in (await view.Page.RunAxe()).Violations)
        {
            var node = violation.Nodes.FirstOrDefault();
            problems.Add($"{label}: {violation.Id}: {violation.Help}: {node?.Html} {node?.Any.FirstOrDefault()?.Message}");
        }
    }

    private async Task PrepareAsync()
    {
        var bank = silo.Snapshots(BankApplication.Name);
        if (await bank.GetAsync(new("look-bank")) is not null) return;
        foreach (var id in new[] { "nightly", "before-upgrade", "after-upgrade" }) await silo.ImportRingAsync(id, 400);
        await bank.PinAsync(new("before-upgrade"), isPinned: true);
        await silo.ImportRingAsync("look-before", 380);
        await silo.ImportRingAsync("look-bank", 400);
        await bank.SetScheduleAsync(new(TimeSpan.FromHours(1), KeepLast: 24, KeepFor: null));
        foreach (var name in new[] { "alice", "bob", "carol" })
            await silo.Grains.GetGrain<IAccountGrain>(name).OpenAsync(100);

        await Locks.DeadlockAsync(silo, "cleo", "dora");
        await silo.TakeAsync(LocksApplication.Name, "look-locks");
        using (var hold = NotesApplication.HoldAt("look-held"))
        {
            await silo.Grains.GetGrain<INotes>("look").SendAsync("look-held", "look-held");
            await hold.IsHeld;
            var notes = silo.Snapshots(NotesApplication.Name);
            await notes.BeginAsync(new(new("look-aborted"), default, TimeSpan.FromSeconds(60)));
            await notes.AbortAsync(new("look-aborted"), "aborted by the user");
        }

        await silo.Grains.GetGrain<IObjectGrain>("look-root").BecomeRootAsync();
        await silo.TakeAsync(ObjectsApplication.Name, "look-objects");
        var objects = silo.Snapshots(ObjectsApplication.Name);
        var restore = await objects.BeginRestoreAsync(new(new("look-objects"), "an experiment went wrong", TakesSafety: true));
        await objects.WaitForRestoreAsync(restore.Number, null, TestContext.Current.CancellationToken);
    }
}
