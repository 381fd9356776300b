namespace Snapshots.Grains.Tests;

public sealed class LogLimitTests
{
    [Fact]
    public void One_line_passes_in_a_minute_and_says_how_many_did_not()
    {
        var time = new ManualTime();
        var limit = new LogLimit(time);
        Assert.True(limit.TryPass(out var held));
        Assert.Equal(0, held);
        Assert.False(limit.TryPass(out _));
        time.Advance(LogLimit.Pause - TimeSpan.FromTicks(1));
        Assert.False(limit.TryPass(out _));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(limit.TryPass(out held));
        Assert.Equal(2, held);
    }
}
