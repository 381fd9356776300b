namespace Snapshots.Protocol.Tests.Timing;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 20)]
    [InlineData(1, 40)]
    [InlineData(2, 80)]
    [InlineData(3, 100)]
    [InlineData(int.MaxValue, 100)]
    public void Each_pause_is_twice_the_one_before_up_to_the_longest(int retry, long pauseMs) =>
        Assert.Equal(pauseMs, new Backoff(20, 100).PauseMs(retry));

    [Fact]
    public void The_longest_pause_may_be_the_longest_number() => Assert.Equal(long.MaxValue, new Backoff(1, long.MaxValue).PauseMs(100));

    [Fact]
    public void A_negative_retry_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(1, 2).PauseMs(-1));
}
