namespace Snapshots.Storage.Tests;

public sealed class ETagTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("1", 1L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", ETag.Foreign)]
    [InlineData("-1", ETag.Foreign)]
    [InlineData(" 1", ETag.Foreign)]
    [InlineData("W/\"abc\"", ETag.Foreign)]
    public void A_text_is_a_version_or_matches_none(string? text, long? version) =>
        Assert.Equal(version, ETag.Parse(text));

    [Theory]
    [InlineData(null, null)]
    [InlineData(1L, "1")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    public void A_version_is_written_in_digits(long? version, string? text) => Assert.Equal(text, ETag.Format(version));
}
