using System.Text.RegularExpressions;

namespace Snapshots.Silo.Tests;

public sealed class OptionTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--bogus", "--bogus=1")]
    [InlineData("--redis is not a Redis connection, such as 127.0.0.1:6379: the option 'speed' is unknown", "--redis", "speed=3")]
    [InlineData("@file", "@file")]
    [InlineData("[suggest]", "[suggest]")]
    [InlineData("--http-port", "--http-port")]
    [InlineData("--http-port", "--http-port=1", "--http-port=2")]
    [InlineData("--silo-port: 'x' is not a port (0 to 65535).", "--silo-port", "x")]
    [InlineData("--silo-port: '-1' is not a port (0 to 65535).", "--silo-port", "-1")]
    [InlineData("--gateway-port: '65536' is not a port (0 to 65535).", "--gateway-port=65536")]
    [InlineData("--silo-port and --http-port are both 5; they must differ.", "--silo-port=5", "--http-port=5")]
    [InlineData("--address: 'localhost' is not", "--address=localhost")]
    [InlineData("--address: '0.0.0.0' is not", "--address=0.0.0.0")]
    [InlineData("--address: '1' is not", "--address=1")]
    [InlineData("--log-level: 'loud' is not a log level (Trace, ", "--log-level=loud")]
    [InlineData("--applications: 'bank,tokens' is not a list, ", "--applications=bank,tokens")]
    [InlineData("--applications: 'bank,' is not a list, ", "--applications", "bank,")]
    [InlineData("--flight-recorder: '1001' is not a number (0 to 1000).", "--flight-recorder", "1001")]
    [InlineData("--flight-recorder: '-1' is not a number (0 to 1000).", "--flight-recorder=-1")]
    [InlineData("--max-unopened: 'many' is not a number (0 to 1000000000).", "--max-unopened", "many")]
    [InlineData("--data: ' ' is not a path.", "--data", " ")]
    [InlineData("--cluster-id: ' ' is not a name.", "--cluster-id", " ")]
    [InlineData("--service-id: 'a b' is not a name.", "--service-id", "a\nb")]
    public async Task A_bad_command_line_is_refused_in_one_line(string says, params string[] arguments)
    {
        await using var silo = SiloProcess.Start(_folder.Path, arguments);
        Assert.Contains(says, (await silo.Exit()).Refusal(2), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("Snapshots__Data", " ", "Snapshots:Data")]
    [InlineData("Snapshots__ClusterId", " ", "Snapshots:ClusterId")]
    [InlineData("Snapshots__ServiceId", " ", "Snapshots:ServiceId")]
    [InlineData("Snapshots__Address", "here", "Snapshots:Address")]
    [InlineData("Snapshots__SiloPort", "x", "Snapshots:SiloPort")]
    [InlineData("Snapshots__GatewayPort", "x", "Snapshots:GatewayPort")]
    [InlineData("Snapshots__HttpPort", "x", "Snapshots:HttpPort")]
    [InlineData("Snapshots__Applications", "x", "Snapshots:Applications")]
    [InlineData("Snapshots__LogLevel", "x", "Snapshots:LogLevel")]
    [InlineData("Snapshots__SiloProt", "1", "Snapshots:SiloProt")]
    public async Task A_bad_variable_is_refused_in_a_line_that_names_its_key(string variable, string value, string key)
    {
        var environment = new Dictionary<string, string> { [variable] = value };
        await using var silo = SiloProcess.Start(BuiltProgram.Original, _folder.Path, environment);
        Assert.StartsWith(key, (await silo.Exit()).Refusal(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Snapshots": { "SiloPort": "x" } }""", "Snapshots:SiloPort: 'x' is not a port")]
    [InlineData("""{ "Snapshots": { "Silo": { "Port": 1 } } }""", "Snapshots:Silo is not a known setting")]
    [InlineData("""{ "Snapshots": { "SiloPort": { "Number": 1 } } }""", "Snapshots:SiloPort is not a known setting")]
    [InlineData("""{ "Snapshots": """, "appsettings.json cannot be read")]
    public async Task A_bad_file_is_refused_in_one_line(string json, string says)
    {
        var program = BuiltProgram.Original.CopyTo(_folder.Path);
        await File.WriteAllTextAsync(program.Settings, json, TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.Start(program, _folder.Path, Nothing);
        Assert.Contains(says, (await silo.Exit()).Refusal(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        using var inFile = new PortOccupant();
        using var inEnvironment = new PortOccupant();
        using var inArguments = new PortOccupant();
        var program = BuiltProgram.Original.CopyTo(_folder.Path);
        await File.WriteAllTextAsync(
            program.Settings,
            $$"""{ "Snapshots": { "SiloPort": {{inFile.Port}}, "HttpPort": 0, "GatewayPort": "0" } }""",
            TestContext.Current.CancellationToken);
        var variable = new Dictionary<string, string> { ["SNAPSHOTS__SILOPORT"] = inEnvironment.Port };

        // Each port is in use, so that the refusal tells which one was asked for.
        await Refused(inFile, Nothing);
        await Refused(inEnvironment, variable);
        await Refused(inArguments, variable, "--silo-port", inArguments.Port);

        async Task Refused(PortOccupant occupant, Dictionary<string, string> environment, params string[] arguments)
        {
            await using var silo = SiloProcess.Start(program, _folder.Path, environment, arguments);
            var line = (await silo.Exit()).Refusal(1);
            Assert.StartsWith($"The silo port {occupant.Port} on 127.0.0.1 is in use", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--help", "--gateway-port <PORT>")]
    [InlineData("--version", "1.0.0")]
    public async Task Help_and_version_are_printed(string option, string says)
    {
        await using var silo = SiloProcess.Start(_folder.Path, option);
        var exit = await silo.Exit();
        Assert.Equal(0, exit.Code);
        Assert.Empty(exit.Errors);
        Assert.Contains(exit.Output, line => line.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_document_has_just_the_options_of_the_help()
    {
        await using var silo = SiloProcess.Start(_folder.Path, "--help");
        var help = (await silo.Exit()).Output.SelectMany(line => OptionsIn(line, @"^\s+(--[a-z-]+)")).Except(["--help", "--version"]);
        var document = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "docs", "cli.md"), TestContext.Current.CancellationToken);
        var table = document.SkipWhile(line => line != "## The silo").TakeWhile(line => line != "## The client")
            .Where(line => line.StartsWith("| `--", StringComparison.Ordinal))
            .SelectMany(line => OptionsIn(line.Split(" | ")[0], "`(--[a-z-]+)"));
        Assert.Equal(help.Order(), table.Order());
    }

    private static IEnumerable<string> OptionsIn(string text, string pattern) => Regex.Matches(text, pattern).Select(match => match.Groups[1].Value);
}
