namespace Snapshots.Benchmarks.Tests;

/// <summary>Other programs read these names.</summary>
public sealed class MetricNamesTests
{
    [Theory]
    [InlineData(
        "durable-transfers",
        "transfersPerSecond orleansTransactionsPerSecond ratio grainCallsPerSecond ratioToGrainCalls")]
    [InlineData("stream-ceiling", "streamEventsPerSecond transfersPerSecond ratio")]
    [InlineData(
        "snapshot-overhead",
        "baselinePerSecond every5sLossPercent every1sLossPercent backToBackLossPercent "
            + "baselineCpuMicroseconds every5sMoreCpuPercent every1sMoreCpuPercent backToBackMoreCpuPercent "
            + "baselineP99Ms every5sP99Ms every1sP99Ms backToBackP99Ms")]
    [InlineData(
        "audit",
        "snapshotMs transactionMs transactionFailedPercent stopTheWorldMs naiveReadMs naiveReadWrongPercent "
            + "snapshotMeanMs transactionMeanMs")]
    [InlineData(
        "hub",
        "channels10MicrosecondsPerTransfer channels1000MicrosecondsPerTransfer channels10000MicrosecondsPerTransfer")]
    [InlineData(
        "scale",
        "accounts1000BytesPerAccount accounts1000SnapshotMs accounts1000TransfersPerSecond "
            + "accounts10000BytesPerAccount accounts10000SnapshotMs "
            + "accounts10000TransfersPerSecond accounts100000BytesPerAccount accounts100000SnapshotMs "
            + "accounts100000TransfersPerSecond")]
    public void A_scenario_tells_metrics_by_these_names(string scenario, string metrics) =>
        Assert.Equal(metrics, string.Join(' ', AllScenarios.Find(scenario).Metrics));

    [Fact]
    public void A_scenario_that_runs_only_by_its_name_is_found_by_it() => Assert.Equal(
        ["flight-recorder", "rest"], AllScenarios.OnlyByName.Select(scenario => AllScenarios.Find(scenario.Name).Name));

    [Theory]
    [InlineData("complete10")]
    [InlineData("complete30")]
    [InlineData("complete100")]
    [InlineData("complete300")]
    [InlineData("ring100")]
    [InlineData("ring1000")]
    [InlineData("ring10000")]
    public void Every_graph_has_its_duration_its_markers_and_the_time_of_a_marker(string graph)
    {
        var metrics = AllScenarios.Find("snapshot-latency").Metrics;
        Assert.Equal(21, metrics.Count);
        Assert.Contains($"{graph}DurationMs", metrics);
        Assert.Contains($"{graph}Markers", metrics);
        Assert.Contains($"{graph}MicrosecondsPerMarker", metrics);
    }

    [Fact]
    public void The_scenarios_run_in_this_order() => Assert.Equal(
        "durable-transfers stream-ceiling snapshot-overhead snapshot-latency audit hub scale",
        string.Join(' ', AllScenarios.Names));
}
