using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

public sealed class RequestKeyTests
{
    [Fact]
    public void A_timed_key_shows_its_time_and_random_bits()
    {
        var key = RequestKey.Create(Start, 0xFEDCBA9876543210);
        Assert.Equal("t-019c13ec9e00-fedcba9876543210", key.Value);
        Assert.True(key.IsTimed && key.TryGetTime(out var time) && time == Start);
    }

    [Fact]
    public void Timed_keys_sort_by_time()
    {
        var first = RequestKey.Create(DateTimeOffset.UnixEpoch, 9);
        RequestKey[] keys = [first, Timed(0, 8), Timed(1, 7), Timed(1_000_000, 6)];
        Assert.Equal(keys, keys.Reverse().Order());
    }

    [Fact]
    public void The_first_and_the_last_time_are_taken()
    {
        Assert.True(RequestKey.Create(DateTimeOffset.UnixEpoch, 0).IsTimed);
        Assert.True(RequestKey.Create(DateTimeOffset.MaxValue, ulong.MaxValue).IsTimed);
        var tooEarly = DateTimeOffset.UnixEpoch.AddMilliseconds(-1);
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestKey.Create(tooEarly, 0));
    }

    [Theory]
    [InlineData("t-9")]
    [InlineData("t-019c1415ba00-FEDCBA9876543210")]
    [InlineData("T-019c1415ba00-fedcba9876543210")]
    [InlineData("t-019c1415ba00.fedcba9876543210")]
    [InlineData("t-019c1415ba00-fedcba987654321")]
    [InlineData("t-019c1415ba00-fedcba98765432100")]
    [InlineData("t-e677d21fdc00-0000000000000000")]
    [InlineData("t-ffffffffffff-0000000000000000")]
    public void Other_texts_are_hand_made_keys(string text)
    {
        var key = new RequestKey(text);
        Assert.False(key.IsTimed);
        Assert.False(key.TryGetTime(out _));
        Assert.Equal(text, key.ToString());
    }

    [Fact]
    public void The_length_is_bounded()
    {
        Assert.Equal(64, new RequestKey(new string('k', 64)).Value.Length);
        Assert.Throws<ArgumentException>(() => new RequestKey(new string('k', 65)));
        Assert.Throws<ArgumentException>(() => new RequestKey(string.Empty));
        Assert.Throws<ArgumentException>(() => new RequestKey("a b"));
        Assert.Equal(string.Empty, default(RequestKey).Value);
    }
}
