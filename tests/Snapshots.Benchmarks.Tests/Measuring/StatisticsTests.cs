namespace Snapshots.Benchmarks.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3.0)]
    [InlineData(new[] { 9.0, 1.0, 5.0 }, 5.0)]
    [InlineData(new[] { 9.0, 1.0, 5.0, 4.0 }, 4.5)]
    public void The_median_is_the_middle_or_the_mean_of_the_two_in_the_middle(double[] samples, double expected) =>
        Assert.Equal(expected, Statistics.Median(samples));

    [Fact]
    public void There_is_no_median_of_nothing() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));

    [Theory]
    [InlineData(40, 8, 5)]
    [InlineData(40, 0, 0)]
    public void A_ratio_to_nothing_is_zero(double one, double other, double expected) =>
        Assert.Equal(expected, Statistics.Ratio(one, other));

    [Theory]
    [InlineData(200, 190, 5)]
    [InlineData(200, 220, -10)]
    [InlineData(0, 10, 0)]
    public void A_loss_is_the_share_of_the_baseline_that_is_missing(double baseline, double value, double expected) =>
        Assert.Equal(expected, Statistics.LossPercent(baseline, value));

    [Theory]
    [InlineData(1, 4, 25)]
    [InlineData(0, 0, 0)]
    public void A_share_of_nothing_is_zero(long part, long whole, double expected) =>
        Assert.Equal(expected, Statistics.Percent(part, whole));
}
