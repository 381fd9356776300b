using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

public sealed class ConservationTests
{
    [Fact]
    public void Nothing_conserves_nothing() => Assert.True(Conservation.Check([], []).Holds);

    [Fact]
    public void Transfers_and_returns_in_transit_count()
    {
        var totals = Conservation.Check(
            [Open(70, 100), Open(0, 20, 5)],
            [new TransferMessage(Key("a"), Amount(30)), new ReturnMessage(Key("b"), Amount(15))]);

        Assert.Equal(new ConservationTotals(70, 45, 120, 5), totals);
        Assert.True(totals.Holds);
    }

    [Fact]
    public void One_unit_too_much_or_too_few_is_seen()
    {
        Assert.False(Conservation.Check([Open(101, 100)], []).Holds);
        Assert.False(Conservation.Check([Open(99, 100)], []).Holds);
    }

    [Fact]
    public void Totals_exceed_64_bits()
    {
        var totals = Conservation.Check(Enumerable.Repeat(Open(BankLimits.MaxAmount), 2_000), []);
        Assert.Equal((Int128)BankLimits.MaxAmount * 2_000, totals.Balance);
        Assert.True(totals.Balance > long.MaxValue && totals.Holds);
    }
}
