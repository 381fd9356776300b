namespace Snapshots.Client.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Nothing_recorded_is_zero()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0.0, 0.0), (histogram.PercentileMs(0.99), histogram.MaxMs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000)]
    [InlineData(65_537)]
    [InlineData(30_000_000)]
    [InlineData(10_000_000_000_000)]
    public void A_percentile_is_exact_to_three_percent(long us)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMicroseconds(us));
        histogram.Record(TimeSpan.FromDays(20));
        var actual = histogram.PercentileMs(0.5) * 1000;
        Assert.InRange(actual, Math.Min(us, (1L << 40) - 1), us * 1.032);
    }

    [Fact]
    public void Percentiles_are_in_order()
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 1_000; ms++) histogram.Record(TimeSpan.FromMilliseconds(ms));
        Assert.InRange(histogram.PercentileMs(0.5), 500, 520);
        Assert.InRange(histogram.PercentileMs(0.99), 990, 1_000);
        Assert.Equal(1_000, histogram.MaxMs);
    }
}
