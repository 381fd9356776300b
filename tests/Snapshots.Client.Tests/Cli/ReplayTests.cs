using System.Text.Json;

namespace Snapshots.Client.Tests;

public sealed class ReplayTests : IDisposable
{
    private const string Script = """
        process P 2
        process Q 1
        channel P Q
        channel Q P
        send P Q 1
        snapshot s1 Q
        deliver P Q
        deliver Q P
        deliver P Q
        expect s1 channel P Q 1
        expect s1 complete
        snapshot s2 P
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_script_prints_its_snapshots_and_its_end()
    {
        var result = await RunAsync(Script, "-o json");
        Assert.Equal(0, result.ExitCode);
        var json = result.Json;
        Assert.Equal(1, json.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("core", json.GetProperty("engine").GetString());
        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.Empty(json.GetProperty("failures").EnumerateArray());
        var final = json.GetProperty("final")[0].GetRawText();
        Assert.Equal(
            """{"id":"P","tokens":1}""", final.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
        var (complete, running) = (json.GetProperty("snapshots")[0], json.GetProperty("snapshots")[1]);
        Assert.Equal("completed", complete.GetProperty("status").GetString());
        Assert.Equal(1, complete.GetProperty("processes")[0].GetProperty("state").GetProperty("tokens").GetInt64());
        var message = complete.GetProperty("channels")[0].GetProperty("messages")[0];
        Assert.Equal(
            ("transfer", 1L), (message.GetProperty("type").GetString(), message.GetProperty("amount").GetInt64()));
        var certificate = complete.GetProperty("certificate");
        Assert.True(certificate.GetProperty("conserved").GetBoolean());
        Assert.Equal(2, certificate.GetProperty("balance").GetInt64());
        Assert.Equal(3, certificate.GetProperty("deposited").GetInt64());
        Assert.Equal("running", running.GetProperty("status").GetString());
        Assert.NotEmpty(running.GetProperty("progress").GetProperty("waitingFor").EnumerateArray());
    }

    [Fact]
    public async Task A_script_of_an_application_without_money_prints_its_states_and_no_money()
    {
        var locks = await RunAsync(
            "application locks\nworker A\nworker B\nlock L1\nlock L2\nacquire A L1\ndrain\nacquire-any A L2 L1\n"
            + "acquire B L1\ndrain\nsnapshot s A\ndrain",
            "-o json");
        Assert.Equal(
            [
                """A{"holds":["L1","L2"],"waitsFor":[],"any":false}""",
                """B{"holds":[],"waitsFor":["L1"],"any":false}""",
                """L1{"holder":"A","queue":["A","B"]}""",
                """L2{"holder":"A","queue":[]}""",
            ],
            States(locks.Json.GetProperty("final")));
        var snapshot = locks.Json.GetProperty("snapshots")[0];
        Assert.Equal(States(locks.Json.GetProperty("final")), States(snapshot.GetProperty("processes")));
        Assert.Equal(8, snapshot.GetProperty("channels").GetArrayLength());
        Assert.Equal(
            ["consistent", "violations", "processCount", "channelCount", "markerCount", "messagesInTransit", "digest"],
            snapshot.GetProperty("certificate").EnumerateObject().Select(member => member.Name));

        var objects = await RunAsync(
            "application objects\nobject R root\nobject X\ncreate R X\nsend R X R\nsnapshot s X\ndrain", "-o json");
        Assert.Equal(
            ["""R{"root":true,"holds":["X"],"created":["X"]}""", """X{"root":false,"holds":["R"],"created":[]}"""],
            States(objects.Json.GetProperty("final")));
        Assert.Equal(
            ["sequence", "type", "object"],
            objects.Json.GetProperty("snapshots")[0].GetProperty("channels")[0].GetProperty("messages")[0]
                .EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_failed_expectation_is_a_violated_property()
    {
        var result = await RunAsync(Script + "\nexpect now process P 7", "-o json");
        Assert.Equal((6, "propertyViolated"), (result.ExitCode, result.ErrorCode));
        Assert.False(result.Json.GetProperty("passed").GetBoolean());
        Assert.Single(result.Json.GetProperty("failures").EnumerateArray());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("process P 1\nprocess Q 1\nchannel P Q\ndeliver P Q")]
    [InlineData("process P 1\nprocess Q 1\nchannel P Q\nsend P Q 2")]
    public async Task A_script_that_cannot_be_run_is_invalid_input(string script)
    {
        var result = await RunAsync(script, "-o json");
        Assert.Equal((2, "invalidInput"), (result.ExitCode, result.ErrorCode));
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_not_found()
    {
        var result = await InProcess.RunAsync("replay", _folder["nosuch"], "-o", "json");
        Assert.Equal((3, "notFound"), (result.ExitCode, result.ErrorCode));
    }

    [Theory]
    [InlineData("core")]
    [InlineData("grains")]
    public async Task A_run_is_drawn_and_logged_on_either_engine(string engine)
    {
        var (svg, log) = (_folder["run.svg"], _folder["run.log"]);
        var result = await RunAsync(Script, $"--svg {svg} --shiviz {log} --engine {engine}");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"passed on {engine}", result.Output, StringComparison.Ordinal);
        var picture = await File.ReadAllTextAsync(svg, TestContext.Current.CancellationToken);
        Assert.Contains(">P</text>", picture, StringComparison.Ordinal);
        Assert.Contains("in transit are P to Q: 1.", picture, StringComparison.Ordinal);
        Assert.Equal(picture, (await RunAsync(Script, "--svg -")).Output);
        Assert.Equal(
            await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken),
            (await RunAsync(Script, "--shiviz -")).Output);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_written_is_one_clear_line()
    {
        var result = await RunAsync(Script, $"--svg {_folder.Path} -o json");
        Assert.Equal((1, "unexpected"), (result.ExitCode, result.ErrorCode));
        var both = await RunAsync(Script, "--svg - --shiviz - -o json");
        Assert.Equal((2, "usage"), (both.ExitCode, both.ErrorCode));
        var failed = await RunAsync(Script + "\nexpect now process P 7", $"--svg {_folder["failed.svg"]} -o json");
        Assert.Equal((6, "propertyViolated"), (failed.ExitCode, failed.ErrorCode));
        Assert.True(File.Exists(_folder["failed.svg"]));
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_scenario_passes(string name)
    {
        var result = await InProcess.RunAsync("replay", Path.Combine(AppContext.BaseDirectory, "scenarios", name));
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    public static TheoryData<string> Scenarios() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scenarios"), "*.txt")
            .Select(path => Path.GetFileName(path)).Order()];

    private static IEnumerable<string> States(JsonElement processes) => processes.EnumerateArray().Select(process =>
        $"{process.GetProperty("id").GetString()}{JsonSerializer.Serialize(process.GetProperty("state"))}");

    private async Task<ProgramResult> RunAsync(string script, string options)
    {
        await File.WriteAllTextAsync(_folder["script.txt"], script, TestContext.Current.CancellationToken);
        return await InProcess.RunAsync(["replay", _folder["script.txt"], .. options.Split(' ')]);
    }
}
