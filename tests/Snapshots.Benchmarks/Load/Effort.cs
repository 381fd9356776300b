namespace Snapshots.Benchmarks;

/// <summary>Time that passes, and what this process uses, from now on.</summary>
internal sealed class Effort
{
    private readonly TimeSpan _processorBefore = Environment.CpuUsage.TotalTime;
    private readonly TimeSpan _pauseBefore = GC.GetTotalPauseDuration();
    private readonly long _allocatedBefore = GC.GetTotalAllocatedBytes();
    private readonly TimeLimit _time = new(TimeSpan.Zero);

    /// <summary>What <paramref name="done"/> calls cost, with what they have taken until now.</summary>
    public LoadSample Of(RunningLoad load, long done)
    {
        var elapsed = _time.Elapsed;
        return new LoadSample(
            done / elapsed.TotalSeconds,
            load.Latency.PercentileMs(0.99),
            Statistics.Ratio((Environment.CpuUsage.TotalTime - _processorBefore).TotalMicroseconds, done),
            Statistics.Ratio(GC.GetTotalAllocatedBytes() - _allocatedBefore, done),
            100 * (GC.GetTotalPauseDuration() - _pauseBefore) / elapsed,
            done);
    }
}
