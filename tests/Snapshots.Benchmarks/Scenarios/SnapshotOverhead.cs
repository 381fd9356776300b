namespace Snapshots.Benchmarks;

internal sealed class SnapshotOverhead : IScenario
{
    public string Name => "snapshot-overhead";

    public TimeSpan FullTime => TimeSpan.FromSeconds(130);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public Task RunAsync(ScenarioRun run) => Task.CompletedTask;
}
