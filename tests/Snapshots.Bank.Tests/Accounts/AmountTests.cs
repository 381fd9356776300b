using Snapshots.Protocol;

namespace Snapshots.Bank.Tests;

public sealed class AmountTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9_007_199_254_740_991)]
    public void An_amount_at_a_bound_is_taken(long value) => Assert.Equal(value, new Amount(value).Value);

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(9_007_199_254_740_992)]
    [InlineData(long.MaxValue)]
    public void An_amount_past_a_bound_is_refused(long value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Amount(value));

    [Fact]
    public void Amounts_are_ordered_by_value()
    {
        Assert.True(new Amount(1) < new Amount(2));
        Assert.True(new Amount(2) >= new Amount(2));
        Assert.Equal("12", new Amount(12).ToString());
    }

    [Fact]
    public void No_request_and_no_message_takes_the_default_amount_or_key()
    {
        var (key, amount) = (new RequestKey("k"), new Amount(1));
        Assert.Throws<ArgumentException>(() => new DepositRequest(key, default));
        Assert.Throws<ArgumentException>(() => new WithdrawRequest(default, amount));
        Assert.Throws<ArgumentException>(() => new TransferRequest(key, default, amount));
        Assert.Throws<ArgumentException>(() => new TransferMessage(key, default));
        Assert.Throws<ArgumentException>(() => new ReturnMessage(default, amount));
    }
}
