using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Snapshots.Client.Tests;

public sealed class UnreachableTests
{
    [Theory]
    [InlineData("account list")]
    [InlineData("snapshot take")]
    [InlineData("load")]
    [InlineData("transfer a b 1")]
    public async Task A_gateway_that_refuses_connections_is_told_in_one_line(string command)
    {
        var result = await BuiltProgram.RunAsync($"{command} --gateway localhost:1".Split(' '));
        Assert.Equal(7, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith(
            "error: the cluster at localhost:1 cannot be reached: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_redis_that_refuses_connections_is_told_in_one_line()
    {
        var result = await BuiltProgram.RunAsync("account", "list", "--redis", "127.0.0.1:1", "--timeout", "20");
        Assert.Equal(7, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal("error: The Redis at 127.0.0.1:1 cannot be reached: it does not answer\n", result.Error);
    }

    [Fact]
    public async Task A_gateway_that_says_nothing_is_given_up_within_the_timeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var startedAt = Stopwatch.GetTimestamp();
        var result = await BuiltProgram.RunAsync(
            "account", "list", "--gateway", $"127.0.0.1:{port}", "--timeout", "1.5", "-o", "json");
        Assert.Equal((7, "clusterUnreachable"), (result.ExitCode, result.ErrorCode));
        Assert.Empty(result.Error);
        Assert.InRange(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, 0, 15);
    }
}
