namespace Snapshots.Benchmarks;

internal sealed class SnapshotLatency : IScenario
{
    public string Name => "snapshot-latency";

    public TimeSpan FullTime => TimeSpan.FromSeconds(130);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public Task RunAsync(ScenarioRun run) => Task.CompletedTask;
}
