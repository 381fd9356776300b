namespace Snapshots.Benchmarks;

internal sealed class Audit : IScenario
{
    public string Name => "audit";

    public TimeSpan FullTime => TimeSpan.FromSeconds(130);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public Task RunAsync(ScenarioRun run) => Task.CompletedTask;
}
