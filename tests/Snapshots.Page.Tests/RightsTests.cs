using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Snapshots.Page.Tests;

public sealed class RightsTests(TestSilo silo)
{
    private const string Token = "correct-horse";
    private const string ReadToken = "only-look";

    public static TheoryData<string> Everything => ["/", "/app.js", "/page.css", "/api/snapshots", "/api/events", "/metrics", "/x"];

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Without_the_token_everything_but_health_is_refused(string path)
    {
        await using var page = await StartAsync();
        using var nobody = page.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync("GET", path)).Status);
        foreach (var token in new[] { "wrong", Token + "x", Token[..^1], "", "CORRECT-HORSE" })
        {
            var header = ("Authorization", $"Bearer {token}");
            Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync("GET", path, null, header)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await nobody.SendAsync("GET", "/health/live")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync("POST", "/api/snapshots")).Status);
    }

    [Fact]
    public async Task With_the_token_everything_is_allowed_and_with_the_other_one_to_read()
    {
        await using var page = await StartAsync();
        await silo.Grains.GetGrain<INotes>("rights").WriteAsync("here");
        using var owner = page.Client(Token);
        Assert.Equal(HttpStatusCode.OK, (await owner.SendAsync("GET", "/metrics")).Status);
        Assert.Equal(
            HttpStatusCode.Accepted, (await owner.SendAsync("POST", "/api/snapshots?application=notes")).Status);

        using var reader = page.Client(ReadToken);
        Assert.Equal(HttpStatusCode.OK, (await reader.SendAsync("GET", "/api/snapshots?application=notes")).Status);
        Assert.Equal(
            (HttpStatusCode.Forbidden, "this token allows to read, and nothing else"),
            await reader.SendAsync("POST", "/api/snapshots?application=notes"));
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.SendAsync("DELETE", "/api/schedule")).Status);
    }

    [Fact]
    public async Task The_form_trades_the_token_for_a_session_that_only_this_page_can_use()
    {
        await using var page = await StartAsync();
        using var client = page.Client();
        var (wrong, none) = await SignInAsync(client, "wrong");
        Assert.Equal((HttpStatusCode.Unauthorized, null), (wrong, none));

        var (status, cookie) = await SignInAsync(client, Token);
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        var session = ("Cookie", cookie!.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("GET", "/api/snapshots", null, session)).Status);

        var antiForgery = await AntiForgeryAsync(client, session);
        var right = ("X-Snapshots-Anti-Forgery", antiForgery);
        const string Path = "/api/schedule?application=objects";
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("DELETE", Path, null, session, right)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync("DELETE", Path, null, session)).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await client.SendAsync("DELETE", Path, null, session, ("X-Snapshots-Anti-Forgery", antiForgery + "x"))).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await client.SendAsync("DELETE", Path, null, session, right, ("Origin", "http://evil.example"))).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await client.SendAsync("GET", "/api/snapshots", null, session, ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync("POST", "/sign-out", null, session, right)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b")]
    [InlineData("99999999999.w.AAAA.AAAA")]
    [InlineData("...")]
    public async Task A_session_that_the_page_did_not_make_is_none(string session)
    {
        await using var page = await StartAsync();
        using var client = page.Client();
        var cookie = ("Cookie", $"snapshots-session-{page.Address.Port}={session}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync("GET", "/api/snapshots", null, cookie)).Status);
    }

    [Fact]
    public async Task A_session_cannot_be_changed_and_ends()
    {
        await using var page = await StartAsync();
        using var client = page.Client();
        var (_, cookie) = await SignInAsync(client, ReadToken);
        var session = cookie!.Split(';')[0];
        var changed = ("Cookie", session.Replace(".r.", ".w.", StringComparison.Ordinal));
        Assert.NotEqual(session, changed.Item2);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync("GET", "/api/snapshots", null, changed)).Status);

        await using var brief = await PageServer.StartAsync(silo, options =>
            (options.Token, options.SessionLifetime) = (Token, TimeSpan.Zero));
        using var late = brief.Client();
        var over = ("Cookie", (await SignInAsync(late, Token)).Cookie!.Split(';')[0]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await late.SendAsync("GET", "/api/snapshots", null, over)).Status);
    }

    [Fact]
    public async Task A_cookie_is_secure_where_the_page_is_reached_by_https()
    {
        await using var page = await PageServer.StartAsync(silo, options => (options.Token, options.IsHttps) = (Token, true));
        using var client = page.Client();
        Assert.Contains("; secure", (await SignInAsync(client, Token)).Cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task On_loopback_a_request_that_another_page_forged_is_refused(string name, string value)
    {
        await using var page = await PageServer.StartAsync(silo);
        using var client = page.Client();
        var (status, reason) = await client.SendAsync("POST", "/api/snapshots", "{}", (name, value));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("comes from another page", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task On_loopback_a_name_of_others_is_refused_which_leads_there(string host, HttpStatusCode status)
    {
        await using var page = await PageServer.StartAsync(silo);
        using var client = page.Client();
        Assert.Equal(status, (await client.SendAsync("GET", "/", null, ("Host", $"{host}:{page.Address.Port}"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("GET", "/health/live", null, ("Host", host))).Status);
    }

    [Theory]
    [InlineData("127.0.0.1", StatusCodes.Status200OK)]
    [InlineData("::1", StatusCodes.Status200OK)]
    [InlineData("10.0.0.5", StatusCodes.Status401Unauthorized)]
    public async Task Without_a_token_no_other_interface_is_served(string address, int status)
    {
        var options = new SnapshotsPageOptions();
        var gate = new RightsGate(
            _ => Task.CompletedTask, new(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System), options);
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = IPAddress.Parse(address);
        context.Request.Method = "GET";
        context.Request.Path = "/api/snapshots";
        context.Request.Host = new("localhost");
        await gate.InvokeAsync(context);
        Assert.Equal(status, context.Response.StatusCode);
    }

    [Fact]
    public async Task Every_answer_forbids_frames_foreign_scripts_and_guesses_of_its_type()
    {
        await using var page = await StartAsync();
        using var client = page.Client(Token);
        foreach (var path in new[] { "/", "/app.js", "/api/snapshots", "/api/snapshots/none", "/metrics" })
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        }
    }

    [Fact]
    public async Task A_token_alone_to_read_is_no_configuration() =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => PageServer.StartAsync(silo, options => options.ReadToken = ReadToken));

    private Task<PageServer> StartAsync() =>
        PageServer.StartAsync(silo, options => (options.Token, options.ReadToken) = (Token, ReadToken));

    private static async Task<(HttpStatusCode Status, string? Cookie)> SignInAsync(HttpClient client, string token)
    {
        using var form = new StringContent($"token={token}", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await client.PostAsync(
            new Uri("/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);
        response.Headers.TryGetValues("Set-Cookie", out var cookies);
        return (response.StatusCode, cookies?.Single());
    }

    private static async Task<string> AntiForgeryAsync(HttpClient client, (string Name, string Value) session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/session", UriKind.Relative));
        request.Headers.Add(session.Name, session.Value);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonElement.Parse(body).GetProperty("antiForgery").GetString()!;
    }
}
