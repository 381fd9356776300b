namespace Snapshots.Benchmarks.Tests;

public sealed class SmokeTests
{
    private static readonly BenchmarkOptions Options = new([], Quick: true, Gateway: false, null, null, null);

    /// <summary>
    /// A silo, accounts, transfers, snapshots and their proof: what all scenarios are made of, on the smallest graph.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_smallest_graphs_give_all_their_metrics_and_every_snapshot_is_proven(bool gateway)
    {
        var scenario = new SnapshotLatency([("complete", 4), ("ring", 5)]);
        var result = await BenchmarkProgram.RunAsync(
            scenario, Options with { Gateway = gateway }, new TimeLimit(TimeSpan.FromMinutes(2)), TextWriter.Null);
        Assert.Empty(result.Failures);
        Assert.True(result.Holds);
        Assert.True(result.SnapshotsProven > 0);
        Assert.Equal(scenario.Metrics.Order(), result.Metrics.Select(metric => metric.Name).Order());
        Assert.Equal(12, result.Metrics.Single(metric => metric.Name == "complete4Markers").Value);
        Assert.Equal(10, result.Metrics.Single(metric => metric.Name == "ring5Markers").Value);
    }

    [Fact]
    public async Task Without_time_a_scenario_says_what_it_did_not_reach()
    {
        var result = await BenchmarkProgram.RunAsync(
            new SnapshotLatency([("ring", 5)]), Options, new TimeLimit(TimeSpan.Zero), TextWriter.Null);
        Assert.True(result.Holds);
        Assert.Empty(result.Metrics);
        Assert.Contains(
            result.Notes, note => note.StartsWith("not reached: ring5DurationMs", StringComparison.Ordinal));
    }
}
