namespace Snapshots.Benchmarks;

/// <summary>The arithmetic of the results. Pure.</summary>
internal static class Statistics
{
    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static double Median(IEnumerable<double> samples)
    {
        var sorted = samples.Order().ToArray();
        if (sorted.Length == 0) throw new ArgumentException("there is no median of nothing", nameof(samples));
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>How many times the one is the other; 0 when the other is 0.</summary>
    public static double Ratio(double one, double other) => other == 0 ? 0 : one / other;

    /// <summary>
    /// By how many percent of the baseline the value is below it; negative when it is above, 0 when the baseline is 0.
    /// </summary>
    public static double LossPercent(double baseline, double value) =>
        baseline == 0 ? 0 : 100 * (baseline - value) / baseline;

    /// <summary>The share in percent; 0 of nothing.</summary>
    public static double Percent(long part, long whole) => whole == 0 ? 0 : 100.0 * part / whole;
}
