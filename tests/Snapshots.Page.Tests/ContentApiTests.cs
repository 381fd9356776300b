using System.Diagnostics;
using System.Net;
using Snapshots.Samples;

namespace Snapshots.Page.Tests;

public sealed class ContentApiTests(TestSilo silo) : PageTests(silo)
{
    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";

    [Fact]
    public async Task Ten_thousand_accounts_are_browsed_page_by_page()
    {
        await Silo.ImportRingAsync("ring", 10_000);
        var watch = Stopwatch.StartNew();
        var first = await Client.GetJsonAsync("/api/snapshots/ring/members");
        var firstMs = watch.Elapsed.TotalMilliseconds;
        Assert.Equal(10_000, first.GetProperty("total").GetInt32());
        Assert.Equal("account-00000", first.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(50, first.GetProperty("items").GetArrayLength());

        var next = await Client.GetJsonAsync("/api/snapshots/ring/members?offset=9990&limit=200");
        Assert.Equal(10, next.GetProperty("items").GetArrayLength());

        watch.Restart();
        var found = await Client.GetJsonAsync("/api/snapshots/ring/members?search=777");
        var searchMs = watch.Elapsed.TotalMilliseconds;
        Assert.Equal(19, found.GetProperty("total").GetInt32());
        var inState = await Client.GetJsonAsync("/api/snapshots/ring/members?search=%22balance%22%3A95");
        Assert.Equal(200, inState.GetProperty("total").GetInt32());

        watch.Restart();
        var busy = await Client.GetJsonAsync("/api/snapshots/ring/channels");
        var channelsMs = watch.Elapsed.TotalMilliseconds;
        Assert.Equal(1000, busy.GetProperty("total").GetInt32());
        Assert.Equal(5, busy.GetProperty("items")[0].GetProperty("inTransit").GetInt32());
        Assert.Equal("rent-40-1", busy.GetProperty("items")[0].GetProperty("messages")[0].GetProperty("transferId").GetString());
        Assert.Equal(
            10_000, (await Client.GetJsonAsync("/api/snapshots/ring/channels?all=true")).GetProperty("total").GetInt32());
        Assert.Equal(
            1, (await Client.GetJsonAsync("/api/snapshots/ring/channels?search=rent-40-1%22")).GetProperty("total").GetInt32());

        TestContext.Current.SendDiagnosticMessage(
            $"10,000 accounts: first view {firstMs:0} ms, search {searchMs:0} ms, channels {channelsMs:0} ms");
        Assert.True(firstMs < 60_000 && searchMs < 20_000 && channelsMs < 20_000, "a hundred times slower than measured");
    }

    [Fact]
    public async Task The_certificate_is_shown_rule_by_rule()
    {
        await Silo.ImportRingAsync("rules", 10);
        var answer = await Client.GetJsonAsync("/api/snapshots/rules/certificate");
        Assert.Equal(
            ["noOrphan", "channelState", "closed", "unique"],
            answer.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()));
        Assert.All(answer.GetProperty("rules").EnumerateArray(), rule => Assert.True(rule.GetProperty("holds").GetBoolean()));
        Assert.True(answer.GetProperty("certificate").GetProperty("conserved").GetBoolean());
        Assert.Equal(999, answer.GetProperty("certificate").GetProperty("balance").GetInt64());
    }

    [Fact]
    public async Task The_cut_is_drawn_as_an_image_that_may_do_nothing()
    {
        await Silo.ImportRingAsync("drawn", 5000);
        using var response = await Client.GetAsync(
            new Uri("/api/snapshots/drawn/diagram", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType!.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        var svg = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(">account-00040<", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", svg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_picture_of_a_cut_shows_what_the_flight_recorders_have_kept()
    {
        var sender = Silo.Grains.GetGrain<INotes>("flight-a");
        await sender.SendAsync("flight-b", "one");
        await sender.SendAsync("flight-b", "two");
        await Silo.TakeAsync(NotesApplication.Name, "flight");
        var svg = await Client.GetStringAsync(
            new Uri("/api/snapshots/flight/diagram?application=notes", UriKind.Relative),
            TestContext.Current.CancellationToken);
        Assert.Contains("sends message 1 to flight-b", svg, StringComparison.Ordinal);
        Assert.Contains("sends message 2 to flight-b", svg, StringComparison.Ordinal);
        Assert.Contains("records flight", svg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_reads_and_nothing_else()
    {
        await Silo.ImportRingAsync("sql", 2000);
        var answer = await QueryAsync("select count(*) as n, sum(amount) from messages");
        Assert.Equal("n", answer.GetProperty("columns")[0].GetString());
        Assert.Equal(600, answer.GetProperty("rows")[0][0].GetInt32());
        var many = await QueryAsync("select id from processes");
        Assert.Equal(1000, many.GetProperty("rows").GetArrayLength());
        Assert.True(many.GetProperty("more").GetBoolean());

        await Silo.ImportRingAsync("sql-2", 10);
        var against = await Client.GetJsonAsync(
            "/api/snapshots/sql/query?against=sql-2&sql=" + Uri.EscapeDataString("select count(*) from other.processes"));
        Assert.Equal(10, against.GetProperty("rows")[0][0].GetInt32());

        foreach (var wrong in new[]
        {
            "delete from processes", "attach 'x' as y", "pragma user_version", "select", "select 1; select 2", "",
            "select load_extension('x')", "create table t(x)", "nonsense",
        })
        {
            var (status, reason) = await Client.SendAsync("GET", Sql(wrong));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.NotEmpty(reason!);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await Client.SendAsync("GET", Sql(new string('x', 8001)))).Status);
        var large = "with recursive c(x) as (select zeroblob(10000000) union all select x from c) select count(*) from c order by 1";
        var (stopped, _) = await Client.SendAsync("GET", Sql(large));
        Assert.True(stopped is HttpStatusCode.BadRequest or HttpStatusCode.ServiceUnavailable, $"{stopped}");
        Assert.Equal(600, (await QueryAsync("select count(*) from messages")).GetProperty("rows")[0][0].GetInt32());

        string Sql(string sql) => $"/api/snapshots/sql/query?sql={Uri.EscapeDataString(sql)}";

        Task<JsonElement> QueryAsync(string sql) => Client.GetJsonAsync(Sql(sql));
    }

    [Fact]
    public async Task Two_snapshots_are_compared()
    {
        await Silo.ImportRingAsync("small", 10);
        await Silo.ImportRingAsync("larger", 20);
        var difference = await Client.GetJsonAsync("/api/snapshots/small/difference?to=larger");
        Assert.Equal(10, difference.GetProperty("counts").GetProperty("added").GetInt32());
        Assert.Equal(20, difference.GetProperty("totals").GetProperty("processes").GetProperty("to").GetInt32());
        Assert.Equal(
            HttpStatusCode.NotFound, (await Client.SendAsync("GET", "/api/snapshots/small/difference?to=none")).Status);
    }

    [Fact]
    public async Task A_deadlock_is_found_with_its_witness()
    {
        await Locks.DeadlockAsync(Silo, "A", "B");
        await Silo.TakeAsync(LocksApplication.Name, "stuck");
        var checks = await Client.GetJsonAsync("/api/snapshots/stuck/checks?application=locks");
        var deadlock = Assert.Single(checks.GetProperty("checks").EnumerateArray());
        Assert.True(deadlock.GetProperty("finding").GetBoolean());
        Assert.Contains("A", deadlock.GetProperty("witness").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public async Task A_state_that_is_HTML_is_text_in_every_answer()
    {
        await Silo.Grains.GetGrain<INotes>("hostile").WriteAsync(Hostile);
        await Silo.TakeAsync(NotesApplication.Name, "hostile-1");
        foreach (var part in new[] { "", "/members?search=hostile", "/export", "/query?sql=select+*+from+processes" })
        {
            var separator = part.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            using var response = await Client.GetAsync(
                new Uri($"/api/snapshots/hostile-1{part}{separator}application=notes", UriKind.Relative),
                TestContext.Current.CancellationToken);
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("onerror=alert(1)", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_restore_is_planned_confirmed_and_carried_out()
    {
        var notes = Silo.Grains.GetGrain<IObjectGrain>("R");
        await notes.BecomeRootAsync();
        await Silo.TakeAsync("objects", "before");
        const string Path = "/api/restores?application=objects";
        var plan = await Client.GetJsonAsync("/api/restores/plan?application=objects&snapshot=before");
        Assert.Equal("planned", plan.GetProperty("status").GetString());
        Assert.Equal(1, plan.GetProperty("processesRestored").GetInt32());

        Assert.Equal(HttpStatusCode.BadRequest, (await Client.SendAsync("POST", Path, """{"snapshot":"before"}""")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound, (await Client.SendAsync("POST", Path, """{"snapshot":"none","confirm":"none"}""")).Status);
        Assert.Empty((await Client.GetJsonAsync(Path)).EnumerateArray());

        var wish = """{"snapshot":"before","confirm":"before","reason":"a test"}""";
        Assert.Equal(HttpStatusCode.Accepted, (await Client.SendAsync("POST", Path, wish)).Status);
        await Silo.Snapshots("objects").WaitForRestoreAsync(new(1), null, TestContext.Current.CancellationToken);
        var restore = await Client.GetJsonAsync("/api/restores/1?application=objects");
        Assert.Equal("completed", restore.GetProperty("status").GetString());
        Assert.Equal("a test", restore.GetProperty("reason").GetString());
        Assert.Equal(
            (HttpStatusCode.Conflict, "restore 1 is committed: it cannot be aborted"),
            await Client.SendAsync("POST", "/api/restores/1/abort?application=objects"));
    }
}
