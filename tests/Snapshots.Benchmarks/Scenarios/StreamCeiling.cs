namespace Snapshots.Benchmarks;

internal sealed class StreamCeiling : IScenario
{
    public string Name => "stream-ceiling";

    public TimeSpan FullTime => TimeSpan.FromSeconds(130);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public Task RunAsync(ScenarioRun run) => Task.CompletedTask;
}
