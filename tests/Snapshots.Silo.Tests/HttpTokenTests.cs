using System.Net;

namespace Snapshots.Silo.Tests;

public sealed class HttpTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--address")]
    [InlineData("--http-address")]
    public async Task Beyond_loopback_HTTP_wants_a_token(string option)
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, option, "192.0.2.1");
        Assert.Equal(
            "HTTP would listen on 192.0.2.1, beyond loopback: give it a token with --http-token-file, "
                + "or set --http-address 127.0.0.1.",
            (await silo.Exit()).Refusal(2));
    }

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData(" \n", "is empty.")]
    [InlineData("two words", "is not a token: one line of at most 4096 visible ASCII characters.")]
    [InlineData("two\nlines", "is not a token: one line of at most 4096 visible ASCII characters.")]
    [InlineData("t\u00f6ken", "is not a token: one line of at most 4096 visible ASCII characters.")]
    [InlineData(null, "is not a token: one line of at most 4096 visible ASCII characters.")]
    public async Task A_file_without_a_token_is_refused(string? content, string says)
    {
        var file = _folder.Below("token");
        await File.WriteAllTextAsync(file, content ?? new string('x', 1 << 20), TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--http-token-file", file);
        Assert.Equal($"--http-token-file: the file {file} {says}", (await silo.Exit()).Refusal(2));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_refused()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--http-token-file", "missing");
        Assert.StartsWith(
            "--http-token-file: the file missing cannot be read: ", (await silo.Exit()).Refusal(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_allows_to_read_is_not_enough()
    {
        var file = _folder.Below("token");
        await File.WriteAllTextAsync(file, "look", TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--http-read-token-file", file);
        Assert.Equal("--http-read-token-file needs --http-token-file, too.", (await silo.Exit()).Refusal(2));
    }

    [Fact]
    public async Task With_a_token_everything_but_health_wants_it()
    {
        var file = _folder.Below("token");
        await File.WriteAllTextAsync(file, "secret-of-this-silo\n", TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.StartOnFreePorts(
            _folder.Path, "--http-address", "127.0.0.3", "--http-token-file", file);
        var http = (await silo.Ready()).Http;
        Assert.Equal(IPAddress.Parse("127.0.0.3"), http.Address);
        foreach (var path in new[] { "/", "/api/snapshots", "/metrics" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Http.Get(http, path)).Status);
            Assert.Equal(HttpStatusCode.OK, (await Http.Get(http, path, "secret-of-this-silo")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await Http.Get(http, "/health/ready")).Status);
        Assert.DoesNotContain((await silo.Stop()).Errors, line => line.Contains("secret", StringComparison.Ordinal));
    }
}
