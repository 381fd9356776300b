using static Snapshots.Protocol.Tests.GivenKeys;

namespace Snapshots.Protocol.Tests;

public sealed class RequestKeyTests
{
    [Fact]
    public void A_timed_key_shows_its_time_and_random_bits()
    {
        var key = RequestKey.Create(StartMs, 0xFEDCBA9876543210);
        Assert.Equal("t-019c13ec9e00-fedcba9876543210", key.Value);
        Assert.Equal(key, new RequestKey("t-019c13ec9e00-fedcba9876543210"));
        Assert.True(key.TryGetParts(out var timeMs, out var random));
        Assert.True(key.IsTimed);
        Assert.Equal((StartMs, 0xFEDCBA9876543210), (timeMs, random));
    }

    [Fact]
    public void Timed_keys_sort_by_time()
    {
        RequestKey[] keys = [RequestKey.Create(0, 9), Timed(0, 8), Timed(1, 7), Timed(1_000_000, 6)];
        Assert.Equal(keys, keys.Reverse().Order());
    }

    [Fact]
    public void The_first_and_the_last_time_are_taken()
    {
        const long LastMs = 253_402_300_799_999;
        Assert.True(RequestKey.Create(0, 0).IsTimed && RequestKey.Create(LastMs, ulong.MaxValue).IsTimed);
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestKey.Create(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestKey.Create(LastMs + 1, 0));
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
        Assert.False(key.TryGetParts(out _, out _));
        Assert.Equal(text, key.ToString());
    }

    [Fact]
    public void The_text_is_copied_for_both_kinds()
    {
        var text = new char[RequestKey.MaxLength];
        foreach (var key in new[] { Timed(1, 2), Hand("a-1") })
        {
            Assert.Equal(key.Value, new string(text, 0, key.CopyTo(text)));
            Assert.ThrowsAny<ArgumentException>(() => key.CopyTo(new char[key.Value.Length - 1]));
        }
    }

    [Fact]
    public void The_length_is_bounded_and_no_text_is_no_key()
    {
        Assert.Equal(64, new RequestKey(new string('k', 64)).Value.Length);
        Assert.Throws<ArgumentException>(() => new RequestKey(new string('k', 65)));
        Assert.Throws<ArgumentException>(() => new RequestKey(string.Empty));
        Assert.Throws<ArgumentException>(() => new RequestKey("a b"));
        Assert.Throws<ArgumentException>(() => RequestKey.Require(default, "key"));
        Assert.Equal(string.Empty, default(RequestKey).Value);
    }
}
