namespace Snapshots.Protocol.Tests;

public sealed class MessageCountTests
{
    [Fact]
    public void Default_is_zero_and_the_next_one_follows() =>
        Assert.Equal((0, 1, "2"), (default(MessageCount).Value, default(MessageCount).Next.Value, new MessageCount(1).Next.ToString()));

    [Fact]
    public void Zero_is_accepted_and_minus_one_refused()
    {
        Assert.Equal(default, new MessageCount(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageCount(-1));
    }

    [Fact]
    public void The_largest_has_no_next()
    {
        Assert.Equal(long.MaxValue, new MessageCount(long.MaxValue - 1).Next.Value);
        Assert.Throws<OverflowException>(() => new MessageCount(long.MaxValue).Next);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(10, 9)]
    public void Order_and_equality_are_those_of_the_numbers(long left, long right)
    {
        var (x, y) = (new MessageCount(left), new MessageCount(right));
        Assert.Equal(
            (left < right, left <= right, left > right, left >= right, left == right, left != right),
            (x < y, x <= y, x > y, x >= y, x == y, x != y));
        Assert.Equal(left.CompareTo(right), x.CompareTo(y));
    }
}
