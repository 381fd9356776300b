namespace Snapshots.Bank.Tests;

public sealed class AccountStateTests
{
    private const long Max = BankLimits.MaxAmount;

    [Fact]
    public void Figures_at_the_bounds_are_taken() =>
        Assert.Equal(long.MaxValue, new AccountState(open: true, long.MaxValue, Max, Max).Balance);

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, -1)]
    [InlineData(0, Max + 1, 0)]
    [InlineData(0, 0, Max + 1)]
    public void Figures_past_the_bounds_are_refused(long balance, long deposited, long withdrawn) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new AccountState(open: true, balance, deposited, withdrawn));
}
