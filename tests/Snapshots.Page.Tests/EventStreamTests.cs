using System.Net;
using System.Runtime.CompilerServices;

namespace Snapshots.Page.Tests;

public sealed class EventStreamTests(TestSilo silo)
{
    [Fact]
    public async Task A_stream_brings_the_state_and_each_change_of_it()
    {
        await using var page = await PageServer.StartAsync(silo);
        await silo.Grains.GetGrain<INotes>("streamed").WriteAsync("x");
        using var client = page.Client();
        using var stream = await OpenAsync(client);
        await NextAsync(stream, state => state.TryGetProperty("snapshots", out _));

        using var hold = NotesApplication.HoldAt("hold-stream");
        await silo.Grains.GetGrain<INotes>("streamed").SendAsync("stream-held", "hold-stream");
        await hold.IsHeld;
        var snapshots = silo.Snapshots(NotesApplication.Name);
        await snapshots.BeginAsync(new(new("streamed-1"), default, TimeSpan.FromSeconds(30)));
        await NextAsync(stream, state => Ids(state, "running").Contains("streamed-1"));
        hold.Dispose();
        await NextAsync(stream, state => Ids(state, "snapshots").Contains("streamed-1")
            && !Ids(state, "running").Contains("streamed-1"));
    }

    [Fact]
    public async Task A_thousand_streams_are_not_opened()
    {
        await using var page = await PageServer.StartAsync(silo, options => options.MaxEventStreams = 64);
        using var client = page.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => OpenAsync(client)));
        try
        {
            Assert.Equal(64, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
            var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
            Assert.Equal(936, answers.Count(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable));
            var reason = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("64 event streams are open, which is the limit", reason, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("GET", "/api/snapshots")).Status);
        }
        finally
        {
            foreach (var answer in answers) answer.Dispose();
        }

        // A stream that is closed makes room, as soon as the server notices.
        while (true)
        {
            using var again = await OpenAsync(client);
            if (again.StatusCode == HttpStatusCode.OK) break;
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client) => client.GetAsync(
        new Uri("/api/events?application=notes", UriKind.Relative),
        HttpCompletionOption.ResponseHeadersRead,
        TestContext.Current.CancellationToken);

    private static async Task NextAsync(HttpResponseMessage response, Func<JsonElement, bool> isWanted)
    {
        // The reader is not disposed of: that would close the stream of the response.
        var reader = Readers.GetValue(response, answer => new(answer.Content.ReadAsStream()));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && isWanted(JsonElement.Parse(line[6..]))) return;
        }

        Assert.Fail("the stream has ended");
    }

    private static readonly ConditionalWeakTable<HttpResponseMessage, StreamReader> Readers = [];

    private static IEnumerable<string> Ids(JsonElement state, string name) => state.TryGetProperty(name, out var list)
        ? list.EnumerateArray().Select(each => each.GetProperty("id").GetString()!)
        : [];
}
