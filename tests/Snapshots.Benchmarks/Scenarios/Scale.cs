namespace Snapshots.Benchmarks;

internal sealed class Scale : IScenario
{
    public string Name => "scale";

    public TimeSpan FullTime => TimeSpan.FromSeconds(130);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public Task RunAsync(ScenarioRun run) => Task.CompletedTask;
}
