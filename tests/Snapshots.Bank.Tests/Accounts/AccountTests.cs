using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

public sealed class AccountTests
{
    private const long Max = BankLimits.MaxAmount;

    [Theory]
    [InlineData(0)]
    [InlineData(Max)]
    public void Opening_pays_in_the_initial_deposit(long deposit)
    {
        var execution = Execute(AccountState.Empty, new OpenRequest(deposit));

        Assert.Equal(Outcome.Accepted, execution.Outcome);
        Assert.Equal(Open(deposit), execution.Reaction!.State);
        Assert.Empty(execution.Reaction.Messages);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Max + 1)]
    public void An_initial_deposit_past_a_bound_is_no_request(long deposit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpenRequest(deposit));

    [Fact]
    public void Opening_an_open_account_is_refused_and_changes_nothing() =>
        AssertRefused(RefusalReason.AlreadyOpen, Execute(Open(5), new OpenRequest(1)));

    [Fact]
    public void Opening_where_returned_money_waits_keeps_it_and_minds_the_limit()
    {
        var paidBack = new AccountState(open: false, Max, 0, 0);

        AssertRefused(RefusalReason.Overflow, Execute(paidBack, new OpenRequest(1)));
        Assert.Equal(Max, Execute(paidBack, new OpenRequest(0)).Reaction!.State.Balance);
    }

    [Fact]
    public void A_deposit_counts_in_balance_and_deposits()
    {
        var after = Execute(Open(5), new DepositRequest(Key("d"), Amount(7))).Reaction!.State;
        Assert.Equal((12, 12, 0), (after.Balance, after.Deposited, after.Withdrawn));
    }

    [Theory]
    [InlineData(Max - 1, Max - 1, RefusalReason.None)]
    [InlineData(Max, 0, RefusalReason.Overflow)]
    [InlineData(0, Max, RefusalReason.Overflow)]
    [InlineData(Max + 1, 0, RefusalReason.Overflow)]
    public void A_deposit_minds_the_limits(long balance, long deposited, RefusalReason expected)
    {
        var execution = Execute(Open(balance, deposited), new DepositRequest(Key("d"), Amount(1)));
        Assert.Equal(expected, execution.Outcome.Reason);
    }

    [Theory]
    [InlineData(5, 0, 5, RefusalReason.None)]
    [InlineData(5, 0, 6, RefusalReason.InsufficientFunds)]
    [InlineData(5, Max - 5, 5, RefusalReason.None)]
    [InlineData(5, Max - 4, 5, RefusalReason.Overflow)]
    [InlineData(5, Max, 6, RefusalReason.InsufficientFunds)]
    public void A_withdrawal_minds_the_balance_and_the_limit(
        long balance, long withdrawn, long amount, RefusalReason expected)
    {
        var execution = Execute(Open(balance, Max, withdrawn), new WithdrawRequest(Key("w"), Amount(amount)));

        Assert.Equal(expected, execution.Outcome.Reason);
        var moved = expected == RefusalReason.None ? amount : 0;
        if (moved == 0)
        {
            Assert.Null(execution.Reaction);
            return;
        }

        Assert.Equal(balance - moved, execution.Reaction!.State.Balance);
        Assert.Equal(withdrawn + moved, execution.Reaction.State.Withdrawn);
    }

    [Fact]
    public void A_transfer_debits_and_sends_the_money_under_its_key()
    {
        var execution = Execute(Open(5), new TransferRequest(Key("t"), Bob, Amount(5)));

        Assert.Equal((0, 5, 0), (execution.Reaction!.State.Balance, execution.Reaction.State.Deposited, 0));
        var outgoing = Assert.Single(execution.Reaction.Messages);
        Assert.Equal(Bob, outgoing.Target);
        Assert.Equal(new TransferMessage(Key("t"), Amount(5)), outgoing.Message);
    }

    [Fact]
    public void A_transfer_of_more_than_the_balance_is_refused() => AssertRefused(
        RefusalReason.InsufficientFunds,
        Execute(Open(5), new TransferRequest(Key("t"), Bob, Amount(6))));

    [Fact]
    public void A_transfer_to_oneself_is_invalid_input() => Assert.Throws<ArgumentException>(
        () => Execute(Open(5), new TransferRequest(Key("t"), Alice, Amount(1))));

    [Fact]
    public void Where_nothing_is_open_every_request_with_a_key_is_refused()
    {
        foreach (var request in Requests("k"))
        {
            AssertRefused(RefusalReason.NotOpen, Execute(AccountState.Empty, request));
        }
    }

    private static KeyedRequest[] Requests(string key) =>
    [
        new DepositRequest(Key(key), Amount(1)),
        new WithdrawRequest(Key(key), Amount(1)),
        new TransferRequest(Key(key), Bob, Amount(1)),
    ];

    private static void AssertRefused(RefusalReason reason, Execution execution)
    {
        Assert.Equal(reason, execution.Outcome.Reason);
        Assert.NotEmpty(execution.Outcome.Message);
        Assert.Null(execution.Reaction);
    }
}
