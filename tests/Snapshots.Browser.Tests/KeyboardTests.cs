using Snapshots.Page.Tests;

namespace Snapshots.Browser.Tests;

public sealed class KeyboardTests(BrowserFixture browser, TestSilo silo)
{
    [Fact]
    public async Task A_snapshot_is_taken_looked_at_and_deleted_with_the_keyboard_alone()
    {
        await silo.Grains.GetGrain<INotes>("keys").WriteAsync("x");
        await using var server = await PageServer.StartAsync(silo);
        await using var view = await browser.OpenAsync(ViewTests.Of(server, NotesApplication.Name));
        await Assertions.Expect(view.Heading("Overview")).ToBeVisibleAsync();
        await view.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(view.Text("Skip to the content")).ToBeFocusedAsync();

        await FollowAsync(view, "Snapshots");
        await Assertions.Expect(view.Heading("Snapshots")).ToBeVisibleAsync();
        await TabToAsync(view, "document.activeElement.labels?.[0]?.textContent === 'Id'");
        await view.Page.Keyboard.TypeAsync("by-keys");
        await view.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(view.Heading("Certificate")).ToBeVisibleAsync();

        await FollowAsync(view, "Members");
        await Assertions.Expect(view.Page.Locator("a[aria-current]", new() { HasText = "Members" })).ToBeVisibleAsync();
        await TabToAsync(view, "document.activeElement.type === 'search'");
        await view.Page.Keyboard.TypeAsync("keys");
        await Assertions.Expect(view.Text("1 to 1 of 1")).ToBeVisibleAsync();

        await FollowAsync(view, "Snapshots");
        await TabToAsync(view, "document.activeElement.getAttribute('aria-label') === 'Delete by-keys'");
        await view.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await view.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await TabToAsync(view, "document.activeElement.getAttribute('aria-label') === 'Delete by-keys'");
        await view.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(view, "document.activeElement.value === 'yes'");
        await view.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(view.Page.GetByText("The snapshot by-keys was deleted.")).ToBeVisibleAsync();
    }

    private static async Task FollowAsync(BrowserPage view, string link)
    {
        await TabToAsync(view, $"document.activeElement.tagName === 'A' && document.activeElement.textContent === '{link}'");
        await view.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Presses Tab until the focus is where it is wanted; what has the focus must be seen.</summary>
    private static async Task TabToAsync(BrowserPage view, string isThere)
    {
        for (var count = 0; count < 100; count++)
        {
            if (await view.Page.EvaluateAsync<bool>($"() => Boolean({isThere})")) return;
            await view.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab never comes to: {isThere}");
    }
}
