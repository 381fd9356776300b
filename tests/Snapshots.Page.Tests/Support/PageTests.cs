namespace Snapshots.Page.Tests;

/// <summary>Tests with a page of their own on the silo that all share.</summary>
public abstract class PageTests(TestSilo silo) : IAsyncLifetime
{
    private PageServer? _page;
    private HttpClient? _client;

    private protected TestSilo Silo => silo;

    private protected HttpClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _page = await PageServer.StartAsync(silo);
        _client = _page.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client!.Dispose();
        await _page!.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
