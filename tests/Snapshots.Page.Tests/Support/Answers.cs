using System.Net;
using System.Text;

namespace Snapshots.Page.Tests;

/// <summary>Asks the page, and reads its answers.</summary>
internal static class Answers
{
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Sends a request; returns the status, and the line of an error.</summary>
    public static async Task<(HttpStatusCode Status, string? Error)> SendAsync(
        this HttpClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "application/json")
            return (response.StatusCode, null);
        var error = Assert.Single(JsonElement.Parse(text).EnumerateObject());
        Assert.Equal("error", error.Name);
        Assert.DoesNotContain('\n', error.Value.GetString()!);
        return (response.StatusCode, error.Value.GetString());
    }
}
