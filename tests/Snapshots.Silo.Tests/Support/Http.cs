using System.Net;

namespace Snapshots.Silo.Tests;

/// <summary>Asks a silo over HTTP.</summary>
internal static class Http
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler());

    public static async Task<(HttpStatusCode Status, string Body)> Get(
        IPEndPoint server, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{server}{path}"));
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
