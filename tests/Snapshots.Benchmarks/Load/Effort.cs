namespace Snapshots.Benchmarks;

/// <summary>Time that passes and processor time that this process takes, from now on.</summary>
internal sealed class Effort
{
    private readonly TimeSpan _processorBefore = Environment.CpuUsage.TotalTime;
    private readonly TimeLimit _time = new(TimeSpan.Zero);

    /// <summary>What <paramref name="done"/> calls cost, with what they have taken until now.</summary>
    public LoadSample Of(RunningLoad load, long done)
    {
        var processor = Environment.CpuUsage.TotalTime - _processorBefore;
        return new LoadSample(
            done / _time.Elapsed.TotalSeconds,
            load.Latency.PercentileMs(0.99),
            Statistics.Ratio(processor.TotalMicroseconds, done));
    }
}
