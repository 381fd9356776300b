using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Snapshots.Page.Tests;

/// <summary>The page of the test's silo, on a free port, with options of its own.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PageServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.First());

    public static async Task<PageServer> StartAsync(
        TestSilo silo, Action<SnapshotsPageOptions>? configure = null, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddRouting();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(silo.Grains);
        builder.Services.AddSnapshotsPage(configure);
        var app = builder.Build();
        app.UseSnapshotsPageRights();
        app.UseRouting();
        app.MapSnapshotsPage();
        app.MapGet("/health/live", (RequestDelegate)(context => context.Response.WriteAsync("live")));
        app.MapGet("/metrics", (RequestDelegate)(context => context.Response.WriteAsync("figures")));
        await app.StartAsync();
        return new PageServer(app);
    }

    /// <summary>A client that follows nothing and has no cookies but those that a test sends.</summary>
    public HttpClient Client(string? token = null)
    {
#pragma warning disable CA2000, CA5399 // The client owns the handler; nothing is encrypted here.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        var client = new HttpClient(handler) { BaseAddress = Address };
#pragma warning restore CA2000, CA5399
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
