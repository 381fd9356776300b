namespace Snapshots.Protocol.Tests;

public sealed class SnapshotIdTests
{
    [Fact]
    public void It_is_its_name() => Assert.Equal(("alice", "alice"), (new SnapshotId("alice").Value, new SnapshotId("alice").ToString()));

    [Fact]
    public void Equal_names_are_equal() => Assert.Equal(new SnapshotId("alice"), new SnapshotId("al" + "ice"));

    [Fact]
    public void Default_identifies_nothing() => Assert.Equal((string.Empty, string.Empty), (default(SnapshotId).Value, default(SnapshotId).ToString()));

    [Fact]
    public void Sixty_four_characters_are_accepted_and_sixty_five_refused()
    {
        Assert.Equal(64, new SnapshotId(new string('a', 64)).Value.Length);
        Assert.Throws<ArgumentException>(() => new SnapshotId(new string('a', 65)));
    }

    [Fact]
    public void An_empty_name_is_refused() => Assert.Throws<ArgumentException>(() => new SnapshotId(string.Empty));

    [Theory]
    [InlineData("B", "a")]
    [InlineData("a", "a")]
    [InlineData("a-b", "a:b")]
    [InlineData("z", "aa")]
    public void Order_is_ordinal(string left, string right)
    {
        var (x, y) = (new SnapshotId(left), new SnapshotId(right));
        var order = string.CompareOrdinal(left, right);
        Assert.Equal((order < 0, order <= 0, order > 0, order >= 0), (x < y, x <= y, x > y, x >= y));
        Assert.Equal(Math.Sign(order), Math.Sign(x.CompareTo(y)));
    }
}
