using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class ChannelIdTests
{
    [Fact]
    public void The_reverse_is_the_other_direction() => Assert.Equal(new ChannelId(Q, P), new ChannelId(P, Q).Reverse());

    [Fact]
    public void The_text_names_both_ends() => Assert.Equal("p->q", new ChannelId(P, Q).ToString());

    [Theory]
    [InlineData("a", "z", "b", "a", -1)]
    [InlineData("a", "b", "a", "c", -1)]
    [InlineData("a", "b", "a", "b", 0)]
    [InlineData("b", "a", "a", "z", 1)]
    public void Order_is_by_source_then_target(string source, string target, string otherSource, string otherTarget, int order)
    {
        var left = new ChannelId(new(source), new(target));
        var right = new ChannelId(new(otherSource), new(otherTarget));
        Assert.Equal(order, Math.Sign(left.CompareTo(right)));
        Assert.Equal((order < 0, order <= 0, order > 0, order >= 0), (left < right, left <= right, left > right, left >= right));
    }
}
