using System.Net;

namespace Snapshots.Silo.Tests;

/// <summary>Asks a silo over HTTP.</summary>
internal static class Http
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler());

    public static async Task<(HttpStatusCode Status, string Body)> Get(IPEndPoint server, string path)
    {
        var response = await Client.GetAsync(new Uri($"http://{server}{path}"), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
