namespace Snapshots.Client.Tests;

/// <summary>Input is validated before any connection is tried: the gateway of these tests takes none.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("account")]
    [InlineData("nosuch")]
    [InlineData("account open")]
    [InlineData("account list surplus")]
    [InlineData("account list --nosuch")]
    [InlineData("account list --redis localhost")]
    [InlineData("account list --redis localhost --embedded")]
    [InlineData("load --transfers 5 --duration 5")]
    [InlineData("account list --timeout")]
    [InlineData("account list --data d")]
    [InlineData("account list --embedded")]
    [InlineData("snapshot export s")]
    [InlineData("snapshot verify")]
    [InlineData("snapshot verify s --file f")]
    public Task What_is_no_command_line_is_usage(string commandLine) => AssertFailsAsync(commandLine, "usage");

    [Theory]
    [InlineData("account open a/b")]
    [InlineData("account open a --deposit -5")]
    [InlineData("account open a --deposit 9007199254740992")]
    [InlineData("account deposit a 0")]
    [InlineData("account deposit a 1.5")]
    [InlineData("account withdraw a 9007199254740992")]
    [InlineData("transfer a a 5")]
    [InlineData("transfer a b 0")]
    [InlineData("transfer a b 5 --id x/y")]
    [InlineData("account list --timeout 0")]
    [InlineData("account list --timeout NaN")]
    [InlineData("account list --gateway nowhere")]
    [InlineData("account list --redis speed=3")]
    [InlineData("account list -o yaml")]
    [InlineData("snapshot take --id x/y")]
    [InlineData("snapshot take --snapshot-timeout -1")]
    [InlineData("snapshot list --limit 0")]
    [InlineData("load --accounts 1")]
    [InlineData("load --concurrency 0")]
    [InlineData("load --prefix aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("replay f --engine steam")]
    [InlineData("demo --story nonsense")]
    [InlineData("demo --story tokens nonsense")]
    [InlineData("completion tcsh")]
    public Task A_wrong_value_is_invalid_input(string commandLine) => AssertFailsAsync(commandLine, "invalidInput");

    [Theory]
    [InlineData("-o", "json")]
    [InlineData("-ojson")]
    [InlineData("-o=json")]
    [InlineData("--output", "json")]
    [InlineData("--output=json")]
    [InlineData("--output", "jsonl")]
    public async Task Whoever_asks_for_json_gets_the_error_as_json(params string[] format)
    {
        var result = await InProcess.RunAsync([.. format, "nosuch"]);
        Assert.Equal((2, "usage"), (result.ExitCode, result.ErrorCode));
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("SNAPSHOTS_GATEWAY", "nowhere")]
    [InlineData("SNAPSHOTS_REDIS", "speed=3")]
    public async Task The_environment_is_validated_too(string variable, string value)
    {
        var result = await InProcess.RunAsync(
            ["account", "list", "-o", "json"], name => name == variable ? value : null);
        Assert.Equal((2, "invalidInput"), (result.ExitCode, result.ErrorCode));
        Assert.Contains(variable, result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_cluster_wins_over_the_environment()
    {
        var result = await InProcess.RunAsync(
            ["account", "list", "--gateway", "127.0.0.1:1"], name => name == "SNAPSHOTS_REDIS" ? "127.0.0.1:2" : null);
        Assert.Equal(7, result.ExitCode);
        Assert.Contains("127.0.0.1:1 ", result.Error, StringComparison.Ordinal);
    }

    private static async Task AssertFailsAsync(string commandLine, string code)
    {
        var unreachable = commandLine.Contains("--gateway", StringComparison.Ordinal)
            || commandLine.Contains("=3", StringComparison.Ordinal)
            ? ""
            : " --gateway 127.0.0.1:1";
        var plain = await InProcess.RunAsync(commandLine + unreachable);
        Assert.Equal(2, plain.ExitCode);
        Assert.Empty(plain.Output);
        Assert.StartsWith("error: ", plain.Error, StringComparison.Ordinal);
        Assert.Single(plain.Error.TrimEnd('\n').Split('\n'));

        var format = commandLine.EndsWith("yaml", StringComparison.Ordinal) ? "" : " -o json";
        if (format.Length == 0) return;
        var json = await InProcess.RunAsync("-o json " + commandLine + unreachable);
        Assert.Equal((2, code), (json.ExitCode, json.ErrorCode));
        Assert.Empty(json.Error);
    }
}
