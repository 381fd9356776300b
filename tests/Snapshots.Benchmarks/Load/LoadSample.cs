namespace Snapshots.Benchmarks;

/// <summary>What one round of a load gave.</summary>
/// <param name="PerSecond">Calls that counted, per second.</param>
/// <param name="P99Ms">The latency that 99 of 100 calls did not exceed.</param>
/// <param name="CpuMicroseconds">
/// Processor time of the whole process per call that counted; other programs change it little.
/// </param>
/// <param name="AllocatedBytes">What the whole process allocated per call that counted.</param>
/// <param name="PausePercent">The share of the time in which the garbage collector held everything up.</param>
/// <param name="Calls">Calls that counted.</param>
internal sealed record LoadSample(
    double PerSecond, double P99Ms, double CpuMicroseconds, double AllocatedBytes, double PausePercent, long Calls);
