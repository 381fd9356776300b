using System.Net;

namespace Snapshots.Page.Tests;

public sealed class SnapshotApiTests(TestSilo silo) : PageTests(silo)
{
    [Fact]
    public async Task A_snapshot_is_taken_listed_shown_pinned_and_deleted()
    {
        await Silo.Grains.GetGrain<INotes>("writer").WriteAsync("hello");
        Assert.Equal(HttpStatusCode.Accepted, (await Client.SendAsync("POST", Of("/api/snapshots"), """{"id":"api-1"}""")).Status);
        await Silo.Snapshots(NotesApplication.Name)
            .WaitAsync(new("api-1"), progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync("POST", Of("/api/snapshots"), """{"id":"api-1"}""")).Status);

        // The list is that of the index, which learns the end a little later.
        var listed = await ListedAsync("api-1");
        while (listed.GetProperty("status").GetString() == "running") listed = await ListedAsync("api-1");
        Assert.Equal("completed", listed.GetProperty("status").GetString());
        Assert.Equal("user", listed.GetProperty("origin").GetString());

        var shown = await Client.GetJsonAsync(Of("/api/snapshots/api-1"));
        var writer = shown.GetProperty("processes").EnumerateArray()
            .First(each => each.GetProperty("id").GetString() == "writer");
        Assert.Equal("hello", writer.GetProperty("state").GetProperty("text").GetString());
        Assert.False((await Client.GetJsonAsync(Of("/api/snapshots/api-1?summary=true"))).TryGetProperty("processes", out _));
        var exported = await Client.GetJsonAsync(Of("/api/snapshots/api-1/export"));
        Assert.True(JsonElement.DeepEquals(shown, exported));

        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync("POST", Of("/api/snapshots/api-1/pin"))).Status);
        Assert.Equal(
            (HttpStatusCode.Conflict, "snapshot api-1 is pinned: unpin it before you delete it"),
            await Client.SendAsync("DELETE", Of("/api/snapshots/api-1")));
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync("POST", Of("/api/snapshots/api-1/unpin"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync("DELETE", Of("/api/snapshots/api-1"))).Status);
        Assert.Equal(
            (HttpStatusCode.NotFound, "the snapshot api-1 does not exist"),
            await Client.SendAsync("GET", Of("/api/snapshots/api-1")));
    }

    [Fact]
    public async Task A_running_snapshot_says_what_it_waits_for_and_is_aborted()
    {
        using var hold = NotesApplication.HoldAt("hold-api");
        await Silo.Grains.GetGrain<INotes>("sender").SendAsync("held", "hold-api");
        await hold.IsHeld;
        Assert.Equal(HttpStatusCode.Accepted, (await Client.SendAsync("POST", Of("/api/snapshots"), """{"id":"api-2"}""")).Status);

        var running = await Client.GetJsonAsync(Of("/api/snapshots/api-2"));
        Assert.Equal("running", running.GetProperty("status").GetString());
        Assert.True(running.TryGetProperty("progress", out _));
        foreach (var part in new[] { "members", "channels", "certificate", "checks", "export", "query?sql=select+1" })
        {
            var (status, reason) = await Client.SendAsync("GET", Of($"/api/snapshots/api-2/{part}"));
            Assert.Equal(HttpStatusCode.Conflict, status);
            Assert.Contains("no global state", reason, StringComparison.Ordinal);
        }

        Assert.Equal(
            (HttpStatusCode.Conflict, "the snapshot api-2 is running: abort it first"),
            await Client.SendAsync("DELETE", Of("/api/snapshots/api-2")));
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync("POST", Of("/api/snapshots/api-2/abort"))).Status);
        var aborted = await Client.GetJsonAsync(Of("/api/snapshots/api-2"));
        Assert.Equal("aborted by the user", aborted.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("{", "the body is not JSON")]
    [InlineData("[]", "the body is not a JSON object")]
    [InlineData("""{"id":"a b"}""", "the id of a snapshot is 1 to 64 of letters, digits, . _ - :")]
    [InlineData("""{"id":"<script>"}""", "the id of a snapshot is 1 to 64 of letters, digits, . _ - :")]
    [InlineData("""{"id":7}""", "id is not text")]
    [InlineData("""{"timeout":0}""", "timeout is not a number of seconds from 0.001 to 86400")]
    [InlineData("""{"timeout":"x"}""", "timeout is not a number of seconds from 0.001 to 86400")]
    [InlineData("""{"time":1}""", "the body may have id, initiator, timeout, and nothing else")]
    [InlineData("""{"initiator":"nobody"}""", "no process nobody is registered")]
    public async Task A_wrong_wish_is_refused_in_one_line(string body, string reason) => Assert.Equal(
        (HttpStatusCode.BadRequest, reason), await Client.SendAsync("POST", Of("/api/snapshots"), body));

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var body = $$"""{"id":"{{new string('a', 100_000)}}"}""";
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge, (await Client.SendAsync("POST", Of("/api/snapshots"), body)).Status);
    }

    [Fact]
    public async Task Where_nothing_can_be_recorded_the_reason_is_given()
    {
        Assert.Equal(
            (HttpStatusCode.Conflict, "the application nothing has no process yet: there is nothing to record"),
            await Client.SendAsync("POST", "/api/snapshots?application=nothing"));
        Assert.Equal(
            (HttpStatusCode.NotFound, "the silo does not host that application; it hosts bank, locks, notes, nothing, objects"),
            await Client.SendAsync("GET", "/api/snapshots?application=<b>"));
    }

    [Theory]
    [InlineData("/api/snapshots/..%2f..%2fetc")]
    [InlineData("/api/snapshots/%3Cscript%3E")]
    [InlineData("/api/snapshots/a%00b")]
    [InlineData("/api/snapshots/a%20b/members")]
    [InlineData("/api/snapshots?limit=0")]
    [InlineData("/api/snapshots?limit=1e9")]
    [InlineData("/api/snapshots?offset=-1")]
    [InlineData("/api/processes?limit=100000")]
    [InlineData("/api/restores/plan")]
    [InlineData("/api/restores/0")]
    [InlineData("/api/restores/99999999999")]
    public async Task What_is_no_id_or_number_is_refused(string path)
    {
        var (status, _) = await Client.SendAsync("GET", Of(path));
        Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{path}: {status}");
    }

    [Fact]
    public async Task A_schedule_is_set_shown_and_cleared()
    {
        var set = """{"every":3600,"keepLast":5}""";
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync("POST", "/api/schedule?application=locks", set)).Status);
        var schedule = await Client.GetJsonAsync("/api/schedule?application=locks");
        Assert.Equal(3600, schedule.GetProperty("every").GetInt32());
        Assert.Equal(5, schedule.GetProperty("keepLast").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync("DELETE", "/api/schedule?application=locks")).Status);
        Assert.Equal(
            JsonValueKind.Null,
            (await Client.GetJsonAsync("/api/schedule?application=locks")).GetProperty("every").ValueKind);
        Assert.Equal(
            HttpStatusCode.BadRequest, (await Client.SendAsync("POST", "/api/schedule?application=locks", "{}")).Status);
    }

    [Fact]
    public async Task Silos_processes_and_the_overview_are_shown()
    {
        await Silo.Grains.GetGrain<INotes>("listed-1").WriteAsync("x");
        var one = Assert.Single((await Client.GetJsonAsync("/api/silos")).EnumerateArray());
        Assert.Equal("active", one.GetProperty("status").GetString());
        Assert.True(one.GetProperty("activations").GetInt64() > 0);

        var found = await Client.GetJsonAsync(Of("/api/processes?search=LISTED-1"));
        Assert.Equal("listed-1", Assert.Single(found.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());

        var overview = await Client.GetJsonAsync(Of("/api/overview"));
        Assert.Equal("ready", overview.GetProperty("health").GetProperty("status").GetString());
        Assert.Equal("notes", overview.GetProperty("application").GetString());
    }

    [Fact]
    public async Task The_rate_counts_what_the_processes_send()
    {
        await Client.GetJsonAsync(Of("/api/overview"));
        var sender = Silo.Grains.GetGrain<INotes>("rate");
        while (true)
        {
            await sender.SendAsync("rate-target", "x");
            var overview = await Client.GetJsonAsync(Of("/api/overview"));
            if (overview.GetProperty("messagesPerSecond").GetDouble() > 0) break;
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<JsonElement> ListedAsync(string id) => (await Client.GetJsonAsync(Of("/api/snapshots")))
        .EnumerateArray()
        .First(each => each.GetProperty("id").GetString() == id);

    private static string Of(string path) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}application=notes";
}
