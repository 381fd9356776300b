using Snapshots.Protocol;
using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

public sealed class BankApplicationTests
{
    private const long Max = BankLimits.MaxAmount;
    private static readonly TransferMessage Transfer = new(Key("t-9"), Amount(30));
    private static readonly ReturnMessage Return = new(Key("t-9"), Amount(30));

    [Fact]
    public void A_new_account_is_empty_and_not_open() =>
        Assert.Equal(AccountState.Empty, BankApplication.Instance.CreateState(Alice));

    [Fact]
    public void A_transfer_to_an_open_account_is_credited()
    {
        var reaction = Deliver(Open(5), Transfer);
        Assert.Equal(Open(35, 5), reaction.State);
        Assert.Empty(reaction.Messages);
    }

    [Fact]
    public void A_transfer_to_an_account_that_is_not_open_goes_back() => AssertReturned(AccountState.Empty);

    [Fact]
    public void A_transfer_fills_an_account_to_the_limit() =>
        Assert.Equal(Max, Deliver(Open(Max - 30), Transfer).State.Balance);

    [Fact]
    public void A_transfer_past_the_limit_goes_back()
    {
        AssertReturned(Open(Max - 29));
        AssertReturned(Open(Max + 1));
    }

    [Fact]
    public void A_return_is_always_credited()
    {
        AccountState[] states = [Open(5), AccountState.Empty, Open(Max), Open(long.MaxValue - 30)];
        foreach (var state in states)
        {
            var reaction = Deliver(state, Return);
            Assert.Equal(state.Balance + 30, reaction.State.Balance);
            Assert.Equal(state.Open, reaction.State.Open);
            Assert.Empty(reaction.Messages);
        }
    }

    [Fact]
    public void The_last_returns_are_remembered()
    {
        var state = Enumerable.Range(0, BankLimits.RememberedReturns + 2).Aggregate(
            AccountState.Empty,
            (state, number) => Deliver(state, new ReturnMessage(Key($"t-{number}"), Amount(1))).State);
        Assert.Equal(BankLimits.RememberedReturns, state.Returned.Length);
        Assert.Equal([Key("t-2"), Key("t-3")], state.Returned[..2]);
        Assert.Equal(state.Returned, Deliver(state, new ReturnMessage(Key("t-9"), Amount(1))).State.Returned.Insert(0, Key("t-2"))[..^1]);
        Assert.NotEqual(state, new AccountState(open: false, state.Balance, 0, 0));
    }

    [Fact]
    public void A_return_past_64_bits_throws_rather_than_lose_money() =>
        Assert.Throws<OverflowException>(() => Deliver(Open(long.MaxValue - 29), Return));

    [Fact]
    public void Fingerprints_never_change()
    {
        Assert.Equal("9aa4ca68b9168f67", Fingerprint(Transfer));
        Assert.Equal("22d3026d3f559085", Fingerprint(Return));
        Assert.Equal("2e0d30b2c50cffbc", Fingerprint(new TransferMessage(Key("t-9"), Amount(Max))));
    }

    [Fact]
    public void Fingerprints_tell_kind_key_and_amount_apart()
    {
        BankMessage[] messages =
        [
            Transfer, Return, new TransferMessage(Key("t-90"), Amount(30)), new TransferMessage(Key("t-9"), Amount(31)),
        ];
        Assert.Distinct(messages.Select(Fingerprint));
    }

    private static string Fingerprint(BankMessage message) =>
        new MessageDigest(BankApplication.Instance.Fingerprint(message)).ToString();

    private static Reaction<AccountState, BankMessage> Deliver(AccountState state, BankMessage message) =>
        BankApplication.Instance.Deliver(Alice, state, Bob, message);

    private static void AssertReturned(AccountState state)
    {
        var reaction = Deliver(state, Transfer);
        Assert.Same(state, reaction.State);
        Assert.Equal(new Outgoing<BankMessage>(Bob, Return), Assert.Single(reaction.Messages));
    }
}
