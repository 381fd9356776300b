namespace Snapshots.Protocol.Tests;

public sealed class FrameNumberTests
{
    [Fact]
    public void Default_is_zero_and_the_next_one_follows() =>
        Assert.Equal((0, 1, "2"), (default(FrameNumber).Value, default(FrameNumber).Next.Value, new FrameNumber(1).Next.ToString()));

    [Fact]
    public void Zero_is_accepted_and_minus_one_refused()
    {
        Assert.Equal(default, new FrameNumber(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameNumber(-1));
    }

    [Fact]
    public void The_largest_has_no_next()
    {
        Assert.Equal(long.MaxValue, new FrameNumber(long.MaxValue - 1).Next.Value);
        Assert.Throws<OverflowException>(() => new FrameNumber(long.MaxValue).Next);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(10, 9)]
    public void Order_and_equality_are_those_of_the_numbers(long left, long right)
    {
        var (x, y) = (new FrameNumber(left), new FrameNumber(right));
        Assert.Equal(
            (left < right, left <= right, left > right, left >= right, left == right, left != right),
            (x < y, x <= y, x > y, x >= y, x == y, x != y));
        Assert.Equal(left.CompareTo(right), x.CompareTo(y));
    }
}
