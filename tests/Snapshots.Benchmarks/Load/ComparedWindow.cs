namespace Snapshots.Benchmarks;

/// <summary>A stretch of a load that goes on, between two stretches of what it is compared with.</summary>
/// <param name="Sample">What it gave.</param>
/// <param name="Before">What the baseline gave right before it.</param>
/// <param name="After">What the baseline gave right after it.</param>
/// <param name="Snapshots">The snapshots that were taken in it.</param>
internal sealed record ComparedWindow(LoadSample Sample, LoadSample Before, LoadSample After, int Snapshots)
{
    /// <summary>Milliseconds of processor time of one snapshot: what the calls took more than in the baseline.</summary>
    public double SnapshotCpuMs => Statistics.Ratio(
        (Sample.CpuMicroseconds - BaselineCpuMicroseconds) * Sample.Calls / 1000, Snapshots);

    /// <summary>By how many percent of the baseline's its throughput is below it; negative when it is above.</summary>
    public double LossPercent => Statistics.LossPercent((Before.PerSecond + After.PerSecond) / 2, Sample.PerSecond);

    /// <summary>How many percent more processor time a call took than in the baseline.</summary>
    public double MoreCpuPercent =>
        -Statistics.LossPercent(BaselineCpuMicroseconds, Sample.CpuMicroseconds);

    private double BaselineCpuMicroseconds => (Before.CpuMicroseconds + After.CpuMicroseconds) / 2;
}
