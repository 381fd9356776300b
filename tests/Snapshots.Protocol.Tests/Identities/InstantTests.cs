namespace Snapshots.Protocol.Tests;

public sealed class InstantTests
{
    [Fact]
    public void After_adds_milliseconds() => Assert.Equal(new Instant(15), new Instant(10).After(5));

    [Fact]
    public void Time_past_the_end_throws() => Assert.Throws<OverflowException>(() => new Instant(long.MaxValue).After(1));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void Earlier_comes_first(long left, long right)
    {
        var (x, y) = (new Instant(left), new Instant(right));
        Assert.Equal((left < right, left <= right, left > right, left >= right), (x < y, x <= y, x > y, x >= y));
        Assert.Equal(left.CompareTo(right), x.CompareTo(y));
    }
}
