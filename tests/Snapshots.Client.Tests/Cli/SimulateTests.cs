using System.Text.Json;

namespace Snapshots.Client.Tests;

public sealed class SimulateTests
{
    private static readonly string[] Contract =
    [
        "nonEmptyChannelStates", "overlappingSnapshots", "lostFrames", "duplicatedFrames", "reorderedFrames", "crashes",
        "crashesInsideSnapshots", "channelsOpenedInsideSnapshots", "completed", "aborted",
    ];

    [Fact]
    public async Task A_campaign_tells_what_it_did_and_saw()
    {
        var result = await InProcess.RunAsync("simulate --seeds 50 --from 7 -o json");
        Assert.True(result.ExitCode == 0, result.ToString());
        var json = result.Json;
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
        var (one, other) = (await InProcess.RunAsync("simulate --seeds 20 -o json"), await InProcess.RunAsync("simulate --seeds 20 -o json"));
        Assert.Equal(one.Json.GetProperty("digest").GetString(), other.Json.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Every_planted_fault_is_caught()
    {
        var result = await InProcess.RunAsync("simulate --seeds 10 --mutants -o json");
        Assert.True(result.ExitCode == 0, result.ToString());
        var mutants = result.Json.GetProperty("mutants");
        var (planted, caught) = (Names(mutants.GetProperty("planted")), Names(mutants.GetProperty("caught")));
        Assert.True(planted.Count >= 20);
        Assert.Equal(planted, caught);
        Assert.Empty(Names(mutants.GetProperty("escaped")));
        Assert.Equal("oneRecord", mutants.GetProperty("caughtBy").GetProperty("lateMarkerStartsAnew").GetString());
    }

    [Fact]
    public async Task A_person_is_shown_figures()
    {
        var result = await InProcess.RunAsync("simulate --seeds 10");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(@"schedules +10, \d+ a second", result.Output);
        Assert.Contains("violations", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_schedule_prints_the_same_text_every_time()
    {
        var result = await InProcess.RunAsync("simulate --trace 5");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("seed 5: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("==== cut 1 ====", result.Output, StringComparison.Ordinal);
        Assert.Equal(result.Output, (await InProcess.RunAsync("simulate --trace 5")).Output);
        var json = (await InProcess.RunAsync("simulate --trace 5 -o json")).Json;
        Assert.Equal(5, json.GetProperty("seed").GetInt64());
        Assert.Equal(result.Output.TrimEnd('\n').Split('\n'), Names(json.GetProperty("lines")));
    }

    [Fact]
    public async Task An_interrupted_campaign_ends_as_such()
    {
        using var source = new CancellationTokenSource();
        using var error = new StringWriter();
        var environment = new ClientEnvironment(
            TextWriter.Null, error, IsOutputTerminal: false, IsErrorTerminal: false, _ => null, TimeProvider.System);
        var running = ClientProgram.RunAsync(["simulate", "--seeds", "100000000"], environment, source.Token);
        await source.CancelAsync();
        Assert.Equal(130, await running);
        Assert.Equal("error: interrupted", error.ToString().Trim());
    }

    private static List<string> Names(JsonElement names) => [.. names.EnumerateArray().Select(name => name.GetString()!)];
}
