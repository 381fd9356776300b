namespace Snapshots.Protocol.Tests;

public sealed class MessageDigestTests
{
    [Fact]
    public void Default_is_the_digest_of_no_messages() => Assert.Equal("0000000000000000", default(MessageDigest).ToString());

    [Fact]
    public void Order_counts() => Assert.NotEqual(default(MessageDigest).Then(1).Then(2), default(MessageDigest).Then(2).Then(1));

    [Fact]
    public void One_more_message_changes_it_even_with_fingerprint_zero()
    {
        Assert.NotEqual(default, default(MessageDigest).Then(0));
        Assert.NotEqual(default(MessageDigest).Then(0), default(MessageDigest).Then(0).Then(0));
    }

    /// <summary>
    /// Golden values: a digest is persisted and sent, so it may never change. Computed by a second implementation in
    /// Python.
    /// </summary>
    [Theory]
    [InlineData(new ulong[] { 0 }, "5692161d100b05e5")]
    [InlineData(new ulong[] { 1 }, "dbd238973a2b148a")]
    [InlineData(new ulong[] { 1, 2, 3 }, "3ffd8f9c9a6f8085")]
    [InlineData(new ulong[] { 0xFFFFFFFFFFFFFFFE }, "b4d055fcf2cbbd7b")]
    [InlineData(new ulong[] { 0xCBF29CE484222325, 42 }, "6f9402dd0be0a990")]
    public void The_fixed_values_stay(ulong[] fingerprints, string expected) => Assert.Equal(
        expected,
        fingerprints.Aggregate(default(MessageDigest), (digest, fingerprint) => digest.Then(fingerprint)).ToString());
}
