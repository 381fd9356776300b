namespace Snapshots.Simulator.Tests;

public sealed class LedgerApplicationTests
{
    private static readonly LedgerApplication Ledger = LedgerApplication.Instance;
    private static readonly LedgerState Rich = LedgerState.Empty with { Steps = 1, Own = 50, Deposited = 50 };

    [Fact]
    public void A_transfer_is_debited_and_sent_in_one_step()
    {
        var decision = Ledger.Decide(Rich, new(1, HandMade.B, 30));
        Assert.True(decision.IsAccepted);
        Assert.Equal(20, decision.Reaction!.State.Own);
        Assert.Equal(new LedgerMessage(1, 30, IsReturn: false), Assert.Single(decision.Reaction.Messages).Message);
    }

    [Fact]
    public void A_refusal_is_kept_under_its_key()
    {
        var refused = Ledger.Decide(Rich, new(1, HandMade.B, 51));
        Assert.False(refused.IsAccepted);
        var richer = Ledger.Decide(refused.Reaction!.State, new(2, default, 100)).Reaction!.State;
        var again = Ledger.Decide(richer, new(1, HandMade.B, 51));
        Assert.False(again.IsAccepted);
        Assert.Null(again.Reaction);
    }

    [Theory]
    [InlineData(LedgerApplication.MaxTaken, 0)]
    [InlineData(LedgerApplication.MaxTaken + 1, 1)]
    public void What_is_too_much_comes_back(long amount, int returns)
    {
        var reaction = Ledger.Deliver(HandMade.B, LedgerState.Empty, HandMade.A, new(1, amount, IsReturn: false));
        Assert.Equal(returns, reaction.Messages.Length);
        Assert.Equal(returns == 0 ? amount : 0, reaction.State.Received);
    }

    [Fact]
    public void What_comes_back_is_taken_whatever_it_is()
    {
        var reaction = Ledger.Deliver(HandMade.A, Rich, HandMade.B, new(1, LedgerApplication.MaxTaken + 1, IsReturn: true));
        Assert.Empty(reaction.Messages);
        Assert.Equal(LedgerApplication.MaxTaken + 1, reaction.State.Received);
    }
}
