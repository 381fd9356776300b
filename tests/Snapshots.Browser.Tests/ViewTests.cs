using System.Diagnostics;
using Snapshots.Page.Tests;
using Snapshots.Samples;

namespace Snapshots.Browser.Tests;

public sealed class ViewTests(BrowserFixture browser, TestSilo silo)
{
    private const string Hostile = "</code><script>alert(1)</script><img src=x onerror=alert(1)>";

    [Fact]
    public async Task The_overview_names_the_last_snapshot_and_takes_the_next()
    {
        await silo.Grains.GetGrain<INotes>("overview").WriteAsync("x");
        await silo.TakeAsync(NotesApplication.Name, "overview-1");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Notes(server));
        await Assertions.Expect(view.Card("Last snapshot")).ToContainTextAsync("overview-1");
        await Assertions.Expect(view.Card("Health")).ToContainTextAsync("ready");

        await view.Button("Take a snapshot").ClickAsync();
        await Assertions.Expect(view.Heading("Certificate")).ToBeVisibleAsync();
        await Assertions.Expect(view.Page.Locator(".facts").First).ToContainTextAsync("completed");
    }

    [Fact]
    public async Task A_snapshot_that_runs_is_seen_to_complete()
    {
        using var hold = await HoldAsync("view-completes");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Notes(server, "snapshots"));
        await view.Page.GetByLabel("Id", new() { Exact = true }).FillAsync("looked-at-1");
        await view.Page.GetByRole(AriaRole.Form, new() { Name = "Take a snapshot" })
            .GetByRole(AriaRole.Button, new() { Name = "Take a snapshot" }).ClickAsync();
        await Assertions.Expect(view.Heading("The cut spreads")).ToBeVisibleAsync();
        await Assertions.Expect(view.Page.Locator(".waiting")).ToContainTextAsync("view-completes");
        hold.Dispose();
        await Assertions.Expect(view.Heading("Certificate")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_snapshot_that_runs_is_aborted()
    {
        using var hold = await HoldAsync("view-aborts");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Notes(server, "snapshots"));
        await silo.Snapshots(NotesApplication.Name).BeginAsync(new(new("looked-at-2"), default, TimeSpan.FromSeconds(60)));
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "looked-at-2" }).ClickAsync();
        await Assertions.Expect(view.Heading("The cut spreads")).ToBeVisibleAsync();
        await view.Button("Abort looked-at-2").ClickAsync();
        await Assertions.Expect(view.Heading("Aborted")).ToBeVisibleAsync();
        await Assertions.Expect(view.Text("aborted by the user")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_snapshot_between_the_list_and_the_first_state_is_listed()
    {
        await silo.Grains.GetGrain<INotes>("list-is-late").WriteAsync("x");
        await silo.TakeAsync(NotesApplication.Name, "list-is-late-1");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(new("about:blank"));
        var events = new TaskCompletionSource<IRoute>();
        await view.Page.RouteAsync("**/events*", events.SetResult);
        await view.Page.GotoAsync(Notes(server, "snapshots").ToString());
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Link, new() { Name = "list-is-late-1", Exact = true })).ToBeVisibleAsync();
        var held = await events.Task;

        await silo.TakeAsync(NotesApplication.Name, "list-is-late-2");
        await held.ContinueAsync();
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Link, new() { Name = "list-is-late-2", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Ten_thousand_accounts_are_looked_at_and_searched_at_once()
    {
        await silo.ImportRingAsync("browsed", 10_000);
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Bank(server, "snapshots/browsed"));
        await Assertions.Expect(view.Heading("Certificate")).ToBeVisibleAsync();
        var firstMs = await TimeAsync(async () =>
        {
            await view.Page.GetByRole(AriaRole.Link, new() { Name = "Members" }).ClickAsync();
            await Assertions.Expect(view.Text("account-00049")).ToBeVisibleAsync();
        });
        await Assertions.Expect(view.Text("1 to 50 of 10,000")).ToBeVisibleAsync();
        var searchMs = await TimeAsync(async () =>
        {
            await view.Page.GetByLabel("Search ids and states").FillAsync("09999");
            await Assertions.Expect(view.Text("1 to 1 of 1")).ToBeVisibleAsync();
        });
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Channels" }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("tbody tr").First).ToContainTextAsync("rent-40-1");
        await view.Button("Next").ClickAsync();
        await Assertions.Expect(view.Text("51 to 100 of 1,000")).ToBeVisibleAsync();
        TestContext.Current.SendDiagnosticMessage($"10,000 accounts in the browser: first view {firstMs:0} ms, search {searchMs:0} ms");
        Assert.True(firstMs < 15_000 && searchMs < 10_000, "many times slower than measured");
    }

    [Fact]
    public async Task A_snapshot_is_queried_and_compared()
    {
        await silo.ImportRingAsync("asked-1", 20);
        await silo.ImportRingAsync("asked-2", 30);
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Bank(server, "snapshots/asked-2/query"), isPatient: true);
        await view.Page.GetByLabel("Statement in SQL").FillAsync("select sum(amount) as total from messages");
        await view.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Rowheader, new() { Name = "6" })).ToBeVisibleAsync();
        await view.Page.GetByLabel("Statement in SQL").FillAsync("delete from messages");
        await view.Button("Ask").ClickAsync();
        await Assertions.Expect(view.Text("not authorized: a query only reads")).ToBeVisibleAsync();

        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Difference" }).ClickAsync();
        await view.Page.GetByLabel("Since the snapshot").SelectOptionAsync("asked-1");
        await view.Button("Compare").ClickAsync();
        await Assertions.Expect(view.Page.GetByText("10 processes added")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_deadlock_is_a_finding_with_its_witness()
    {
        await Locks.DeadlockAsync(silo, "ann", "ben");
        await silo.TakeAsync(LocksApplication.Name, "stuck-1");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Of(server, LocksApplication.Name, "snapshots/stuck-1/checks"));
        await Assertions.Expect(view.Page.Locator(".broken")).ToContainTextAsync("finding");
        await Assertions.Expect(view.Page.Locator(".broken")).ToContainTextAsync("ann");
    }

    [Fact]
    public async Task A_state_that_is_HTML_is_shown_as_text()
    {
        await silo.Grains.GetGrain<INotes>("hostile-view").WriteAsync(Hostile);
        await silo.TakeAsync(NotesApplication.Name, "hostile-2");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Notes(server, "snapshots/hostile-2/members"));
        await view.Page.GetByLabel("Search ids and states").FillAsync("hostile-view");
        await Assertions.Expect(view.Page.GetByText("onerror=alert(1)")).ToBeVisibleAsync();
        Assert.Equal(0, await view.Page.Locator("main script, main img[src=x]").CountAsync());
    }

    [Fact]
    public async Task A_restore_is_planned_confirmed_seen_and_reverted()
    {
        await silo.Grains.GetGrain<IObjectGrain>("root").BecomeRootAsync();
        await silo.TakeAsync(ObjectsApplication.Name, "good-1");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(Of(server, ObjectsApplication.Name, "restores"));
        await view.Page.GetByLabel("Snapshot", new() { Exact = true }).SelectOptionAsync("good-1");
        await view.Button("Plan").ClickAsync();
        await Assertions.Expect(view.Heading("Plan: back to good-1")).ToBeVisibleAsync();
        await view.Page.GetByLabel("Type good-1 to confirm").FillAsync("good-1");
        await view.Page.GetByLabel("Reason, for the history").FillAsync("<b>a test</b>");
        await view.Button("Restore").ClickAsync();
        var history = view.Page.Locator(".panel", new() { Has = view.Heading("History") });
        await Assertions.Expect(history.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(history).ToContainTextAsync("completed");
        await Assertions.Expect(history).ToContainTextAsync("<b>a test</b>");

        await view.Button("Revert").ClickAsync();
        await view.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revert" }).ClickAsync();
        await Assertions.Expect(history.Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(history.Locator("tbody tr").First).ToContainTextAsync("completed");
    }

    [Fact]
    public async Task The_form_lets_in_with_the_token_and_out_again()
    {
        await using var server = await PageServer.StartAsync(silo, options => (options.Token, options.ReadToken) = ("all", "look"));
        await using var view = await browser.OpenAsync(Notes(server), isPatient: true);
        await view.Page.GetByLabel("Token").FillAsync("wrong");
        await view.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(view.Text("That token is not the right one.")).ToBeVisibleAsync();
        await view.Page.GetByLabel("Token").FillAsync("look");
        await view.Button("Sign in").ClickAsync();
        await Assertions.Expect(view.Text("read only")).ToBeVisibleAsync();
        await Assertions.Expect(view.Button("Take a snapshot")).ToHaveCountAsync(0);
        await view.Button("Sign out").ClickAsync();
        await Assertions.Expect(view.Page.GetByLabel("Token")).ToBeVisibleAsync();
    }

    internal static Uri Of(PageServer server, string application, string fragment = "") =>
        new(server.Address, $"/?application={application}#/{fragment}");

    private static Uri Notes(PageServer server, string fragment = "") => Of(server, NotesApplication.Name, fragment);

    private static Uri Bank(PageServer server, string fragment) => Of(server, "bank", fragment);

    /// <summary>Holds a process, so that no snapshot of its application can complete.</summary>
    private async Task<NotesApplication.Hold> HoldAsync(string process)
    {
        var hold = NotesApplication.HoldAt(process);
        await silo.Grains.GetGrain<INotes>("holder").SendAsync(process, process);
        await hold.IsHeld;
        return hold;
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        return watch.Elapsed.TotalMilliseconds;
    }
}
