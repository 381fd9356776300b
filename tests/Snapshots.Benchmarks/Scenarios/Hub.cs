namespace Snapshots.Benchmarks;

internal sealed class Hub : IScenario
{
    public string Name => "hub";

    public TimeSpan FullTime => TimeSpan.FromSeconds(130);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public Task RunAsync(ScenarioRun run) => Task.CompletedTask;
}
