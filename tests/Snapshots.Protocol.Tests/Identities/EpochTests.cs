namespace Snapshots.Protocol.Tests;

public sealed class EpochTests
{
    [Fact]
    public void Default_is_zero_and_the_next_one_follows() =>
        Assert.Equal((0, 1, "2"), (default(Epoch).Value, default(Epoch).Next.Value, new Epoch(1).Next.ToString()));

    [Fact]
    public void Zero_is_accepted_and_minus_one_refused()
    {
        Assert.Equal(default, new Epoch(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Epoch(-1));
    }

    [Fact]
    public void The_largest_has_no_next()
    {
        Assert.Equal(long.MaxValue, new Epoch(long.MaxValue - 1).Next.Value);
        Assert.Throws<OverflowException>(() => new Epoch(long.MaxValue).Next);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(10, 9)]
    public void Order_and_equality_are_those_of_the_numbers(long left, long right)
    {
        var (x, y) = (new Epoch(left), new Epoch(right));
        Assert.Equal(
            (left < right, left <= right, left > right, left >= right, left == right, left != right),
            (x < y, x <= y, x > y, x >= y, x == y, x != y));
        Assert.Equal(left.CompareTo(right), x.CompareTo(y));
    }

    [Fact]
    public void The_first_epoch_is_one() => Assert.Equal(new Epoch(1), Epoch.First);
}
