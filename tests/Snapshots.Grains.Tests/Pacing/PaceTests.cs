namespace Snapshots.Grains.Tests;

public sealed class PaceTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(10, 5)]
    [InlineData(11, 5.5)]
    [InlineData(99, 49.5)]
    [InlineData(100, 50)]
    [InlineData(1_000_000, 50)]
    public void A_wait_grows_with_the_call_before_within_its_bounds(int items, double expectedMs) =>
        Assert.Equal(expectedMs, new Pace(LeastMs: 5, PerItemMs: 0.5, MostMs: 50).After(items).TotalMilliseconds);
}
