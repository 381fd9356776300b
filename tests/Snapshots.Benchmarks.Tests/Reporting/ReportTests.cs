using System.Text.Json;

namespace Snapshots.Benchmarks.Tests;

public sealed class ReportTests
{
    private static readonly BenchmarkOptions Options = new(["one"], Quick: true, Gateway: false, null, null, null);

    private static readonly ScenarioResult Result = new(
        "one",
        [new Metric("aPerSecond", 1234.5678, [1000, 1234.5678, 2000]), new Metric("ratio", 2, [])],
        ["a note"],
        3,
        3,
        [],
        TimeSpan.FromSeconds(7));

    private static MachineFacts Machine() => new(
        2,
        "a processor",
        1L << 30,
        "a system",
        "a runtime",
        ServerGarbageCollection: true,
        "0.1 0.2 0.3",
        1.5,
        "abcdef",
        DateTimeOffset.UnixEpoch);

    [Fact]
    public void The_JSON_names_machine_scenarios_and_metrics()
    {
        using var json = JsonDocument.Parse(JsonReport.Write(Machine(), Options, [Result]));
        var root = json.RootElement;
        Assert.Equal(1, root.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(2, root.GetProperty("machine").GetProperty("cores").GetInt32());
        var scenario = Assert.Single(root.GetProperty("scenarios").EnumerateArray());
        Assert.Equal("one", scenario.GetProperty("name").GetString());
        Assert.Equal(1234.568, scenario.GetProperty("metrics").GetProperty("aPerSecond").GetDouble());
        Assert.Equal(2, scenario.GetProperty("metrics").GetProperty("ratio").GetDouble());
        Assert.Equal(3, scenario.GetProperty("samples").GetProperty("aPerSecond").GetArrayLength());
        Assert.False(scenario.GetProperty("samples").TryGetProperty("ratio", out _));
    }

    [Fact]
    public void The_table_has_a_row_for_each_metric_and_its_range()
    {
        var page = MarkdownReport.Write(Machine(), Options, [Result]);
        Assert.Contains("| `aPerSecond` | 1,235 | 3: 1,000 … 2,000 |", page, StringComparison.Ordinal);
        Assert.Contains("| `ratio` | 2.00 |  |", page, StringComparison.Ordinal);
        Assert.Contains("- a note", page, StringComparison.Ordinal);
        Assert.Contains("3 of 3 snapshots proven", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_holds_only_if_every_snapshot_was_proven_and_nothing_failed()
    {
        Assert.True(Result.Holds);
        Assert.False((Result with { SnapshotsProven = 2 }).Holds);
        Assert.False((Result with { Failures = ["broken"] }).Holds);
    }
}
