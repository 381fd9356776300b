using System.Text.Json;

namespace Snapshots.Simulator.Tests;

public sealed class SimulatorProgramTests
{
    private static readonly string[] Contract =
    [
        "nonEmptyChannelStates", "overlappingSnapshots", "lostFrames", "duplicatedFrames", "reorderedFrames", "crashes",
        "crashesInsideSnapshots", "channelsOpenedInsideSnapshots", "completed", "aborted",
    ];

    [Fact]
    public async Task A_campaign_tells_what_it_did_and_saw()
    {
        var json = await ReadAsync("--seeds 50 --from 7 -o json");
        Assert.Equal(1, json.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(50, json.GetProperty("runs").GetInt32());
        Assert.Empty(json.GetProperty("violations").EnumerateArray());
        Assert.Matches("^sha256:[0-9a-f]{64}$", json.GetProperty("digest").GetString());
        Assert.True(json.GetProperty("schedulesPerSecond").GetDouble() > 0);
        Assert.All(Contract, name => Assert.InRange(json.GetProperty("seen").GetProperty(name).GetInt32(), 0, 50));
        Assert.False(json.TryGetProperty("mutants", out _));
    }

    [Fact]
    public async Task The_same_seeds_give_the_same_digest()
    {
        var (one, other) = (await ReadAsync("--seeds 20 -o json"), await ReadAsync("--seeds 20 -o json"));
        Assert.Equal(one.GetProperty("digest").GetString(), other.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Every_planted_fault_is_caught()
    {
        var mutants = (await ReadAsync("--seeds 10 --mutants -o json")).GetProperty("mutants");
        var (planted, caught) = (Names(mutants.GetProperty("planted")), Names(mutants.GetProperty("caught")));
        Assert.True(planted.Count >= 20);
        Assert.Equal(planted, caught);
        Assert.Empty(Names(mutants.GetProperty("escaped")));
    }

    [Fact]
    public async Task A_person_is_shown_figures()
    {
        var (exitCode, output, error) = await RunAsync("--seeds 10 --mutants", showProgress: true);
        Assert.Equal(0, exitCode);
        Assert.Matches(@"schedules +10, \d+ a second", output);
        Assert.Matches("violations +0\n", output);
        Assert.Matches(@"lateMarkerStartsAnew .* oneRecord +\d+\n", output);
        Assert.Contains("\r10 of 10 schedules", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_schedule_prints_the_same_text_every_time()
    {
        var first = await RunAsync("--trace 4");
        Assert.Equal(0, first.ExitCode);
        Assert.StartsWith("seed 4: ", first.Output, StringComparison.Ordinal);
        Assert.Contains("==== cut 1 ====", first.Output, StringComparison.Ordinal);
        Assert.Equal(first, await RunAsync("--trace 4"));
        var json = await ReadAsync("--trace 4 -o json");
        Assert.Equal(4, json.GetProperty("seed").GetInt64());
        Assert.Equal(first.Output.TrimEnd('\n').Split('\n'), Names(json.GetProperty("lines")));
    }

    [Fact]
    public async Task One_schedule_is_drawn_and_logged_the_same_every_time()
    {
        var folder = Directory.CreateTempSubdirectory("snapshots-simulator-");
        try
        {
            var (svg, log) = (Path.Combine(folder.FullName, "4.svg"), Path.Combine(folder.FullName, "4.log"));
            var (exitCode, output, _) = await RunAsync($"--trace 4 --svg {svg} --shiviz {log}");
            Assert.Equal((0, true), (exitCode, output.StartsWith("seed 4: ", StringComparison.Ordinal)));
            var stop = TestContext.Current.CancellationToken;
            var (picture, text) = (await File.ReadAllTextAsync(svg, stop), await File.ReadAllTextAsync(log, stop));
            foreach (var part in new[] { ">crash</text>", "class=\"cross\"", "message in-transit", "marker cut-1 repeated" })
                Assert.Contains(part, picture, StringComparison.Ordinal);
            Assert.Contains("Snapshot snapshot 1: in transit are b to c: 51", picture, StringComparison.Ordinal);
            Assert.Contains("\ndelivers 51 from b\n", text, StringComparison.Ordinal);
            await RunAsync($"--trace 4 --svg {svg} --shiviz {log}");
            Assert.Equal(picture, await File.ReadAllTextAsync(svg, stop));
            Assert.Equal(text, await File.ReadAllTextAsync(log, stop));
            var refused = await RunAsync($"--trace 4 --svg {folder.FullName}");
            Assert.Equal(1, refused.ExitCode);
            Assert.Matches(@"\Aerror: [^\n]+\n\z", refused.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("surplus")]
    [InlineData("--svg f")]
    [InlineData("--shiviz f --seeds 5")]
    [InlineData("--nosuch")]
    [InlineData("--seeds")]
    [InlineData("--seeds 0")]
    [InlineData("--seeds 100000001")]
    [InlineData("--seeds one")]
    [InlineData("--from one")]
    [InlineData("--trace one")]
    [InlineData("--trace 1 --mutants")]
    [InlineData("--trace 1 --seeds 5")]
    [InlineData("--trace 1 --from 5")]
    [InlineData("-o yaml")]
    public async Task What_is_no_command_line_is_refused_in_one_line(string commandLine)
    {
        var (exitCode, output, error) = await RunAsync(commandLine);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Matches(@"\Aerror: [^\n]+\n\z", error);
    }

    [Fact]
    public async Task An_interrupted_campaign_ends_as_such()
    {
        using var source = new CancellationTokenSource();
        var running = RunAsync("--seeds 100000000", interrupted: source.Token);
        await source.CancelAsync();
        Assert.Equal((130, string.Empty, "error: interrupted\n"), await running);
    }

    private static async Task<JsonElement> ReadAsync(string commandLine)
    {
        var (exitCode, output, error) = await RunAsync(commandLine);
        Assert.Equal((0, string.Empty), (exitCode, error));
        return JsonElement.Parse(output);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string commandLine, bool showProgress = false, CancellationToken? interrupted = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var token = interrupted ?? TestContext.Current.CancellationToken;
        var exitCode = await SimulatorProgram.RunAsync(commandLine.Split(' '), output, error, showProgress, token);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static List<string> Names(JsonElement names) => [.. names.EnumerateArray().Select(name => name.GetString()!)];
}
