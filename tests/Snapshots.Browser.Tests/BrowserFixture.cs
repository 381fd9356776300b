using Snapshots.Browser.Tests;
using Xunit.Sdk;

[assembly: AssemblyFixture(typeof(BrowserFixture))]
[assembly: Xunit.v3.Parallelization(Mode = ParallelMode.None)]

namespace Snapshots.Browser.Tests;

/// <summary>One browser for all tests: the Chromium of the system. Nothing is downloaded.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const float PatienceMs = 15_000;
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var program = Environment.GetEnvironmentVariable("SNAPSHOTS_CHROMIUM") ?? Array.Find(Places, File.Exists);
        if (program is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            // A browser of root has no sandbox, and the shared memory of a container is small.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        });
        Assertions.SetDefaultExpectTimeout(PatienceMs);
    }

    /// <summary>Opens a page in a session of its own. Whatever it logs as an error fails the test.</summary>
    internal async Task<BrowserPage> OpenAsync(
        Uri address, int width = 1440, ColorScheme scheme = ColorScheme.Light, bool isPatient = false)
    {
        Assert.SkipWhen(_browser is null, "there is no Chromium on this machine");
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = width < 600 ? 800 : 900 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(PatienceMs);
        var opened = new BrowserPage(context, page, isPatient);
        await page.GotoAsync(address.ToString());
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A page that is open.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly bool _isPatient;

    public BrowserPage(IBrowserContext context, IPage page, bool isPatient)
    {
        (_context, Page, _isPatient) = (context, page, isPatient);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Dialog += (_, dialog) => _complaints.Add($"a script has opened a dialog: {dialog.Message}");
    }

    public IPage Page { get; }

    public ILocator Text(string text) => Page.GetByText(text, new() { Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    /// <summary>A card of the overview.</summary>
    public ILocator Card(string heading) => Page.Locator(".card", new() { Has = Heading(heading) });

    /// <summary>Goes to a view by the fragment of the address.</summary>
    public Task GoAsync(string fragment) => Page.EvaluateAsync("fragment => { location.hash = fragment; }", fragment);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        if (!_isPatient) Assert.Empty(_complaints);
    }
}
