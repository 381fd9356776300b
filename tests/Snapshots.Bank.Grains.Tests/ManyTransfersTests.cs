using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>Many transfers in one call, made by hand or by a <see cref="TransferDesk"/>.</summary>
public sealed class ManyTransfersTests : IAsyncLifetime
{
    private BankCluster _bank = null!; // Set before each test, by InitializeAsync.

    public async ValueTask InitializeAsync()
    {
        _bank = await BankCluster.StartAsync(silos: 1);
        await _bank.Account("alice").OpenAsync(100);
        await _bank.Account("bob").OpenAsync(0);
        await _bank.Account("carol").OpenAsync(0);
    }

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task Each_is_answered_in_its_place_as_if_it_had_been_asked_for_alone()
    {
        var answers = await _bank.Account("alice").TransferAllAsync(
            [
                Order("t-1", "bob", 30),
                Order("t-2", "bob", 80),
                Order("t-1", "bob", 30),
                Order("t-1", "bob", 31),
                Order("t-3", "carol", 70),
            ]);
        Assert.Equal(
            [
                (RefusalReason.None, KeyStanding.New, "t-1"),
                (RefusalReason.InsufficientFunds, KeyStanding.New, "t-2"),
                (RefusalReason.None, KeyStanding.Duplicate, "t-1"),
                (RefusalReason.None, KeyStanding.KeyReused, "t-1"),
                (RefusalReason.None, KeyStanding.New, "t-3"),
            ],
            answers.Select(answer => (answer!.Reason, answer.Standing, answer.Key!.Value.Value)));
        Assert.Equal(0, (await _bank.Account("alice").GetAsync()).Balance);

        var again = await _bank.Account("alice").TransferAsync(
            new RequestKey("t-2"), new ProcessId("bob"), new Amount(80));
        Assert.Equal((answers[1]!.Reason, true, answers[1]!.Message), (again.Reason, again.Duplicate, again.Message));
    }

    [Fact]
    public async Task If_one_is_no_transfer_none_is_made()
    {
        TransferOrder[] impossible =
            [Order("t-2", "alice", 1), default, Order("t-2", "bob", 1) with { Amount = default }];
        foreach (var order in impossible)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => _bank.Account("alice").TransferAllAsync([Order("t-1", "bob", 30), order]));
        }

        Assert.Equal(100, (await _bank.Account("alice").GetAsync()).Balance);
        Assert.False(
            (await _bank.Account("alice")
                .TransferAsync(new RequestKey("t-1"), new ProcessId("bob"), new Amount(30))).Duplicate);
    }

    [Fact]
    public async Task One_call_takes_so_many_and_no_more()
    {
        var orders = Enumerable.Range(0, BankLimits.MaxTransfersPerCall + 1).Select(
            index => Order($"t-{index}", "bob", 1)).ToImmutableArray();
        await Assert.ThrowsAsync<ArgumentException>(() => _bank.Account("alice").TransferAllAsync(orders));
        Assert.Equal(100, (await _bank.Account("alice").GetAsync()).Balance);
        var answers = await _bank.Account("alice").TransferAllAsync(orders[..^1]);
        Assert.Equal(100, answers.Count(answer => answer!.IsAccepted));
        Assert.Empty(await _bank.Account("alice").TransferAllAsync([]));
    }

    [Fact]
    public async Task A_desk_makes_each_transfer_once_whoever_repeats_it()
    {
        var calls = 0;
        var desk = Desk(_ => Interlocked.Increment(ref calls));
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(index =>
            desk.TransferAsync(
                new ProcessId("alice"), new RequestKey($"t-{index % 100}"), new ProcessId("bob"), new Amount(1))));

        Assert.All(answers, answer => Assert.True(answer.IsAccepted, answer.Message));
        Assert.Equal(300, answers.Count(answer => answer.Duplicate));
        Assert.Equal(
            Enumerable.Range(0, 400).Select(index => $"t-{index % 100}"),
            answers.Select(answer => answer.Key!.Value.Value));
        Assert.InRange(calls, 2, 399); // One call carries 256 at most; that each left alone cannot be.
        Assert.Equal(0, (await _bank.Account("alice").GetAsync()).Balance);
    }

    [Fact]
    public async Task A_transfer_that_is_none_is_refused_at_the_desk_and_others_are_not()
    {
        var desk = Desk(_ => { });
        var alice = new ProcessId("alice");
        var good = desk.TransferAsync(alice, new RequestKey("t-1"), new ProcessId("bob"), new Amount(30));
        await Assert.ThrowsAsync<ArgumentException>(
            () => desk.TransferAsync(alice, new RequestKey("t-2"), alice, new Amount(1)));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => desk.TransferAsync(alice, default, new ProcessId("bob"), new Amount(1)));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => desk.TransferAsync(default, new RequestKey("t-3"), new ProcessId("bob"), new Amount(1)));
        Assert.True((await good).IsAccepted);
    }

    private TransferDesk Desk(Action<int> called) => new(
        (from, orders) =>
        {
            called(orders.Length);
            return _bank.Account(from.Value).TransferAllAsync(orders);
        },
        (from, order) => _bank.Account(from.Value).TransferAsync(order.Key, order.To, order.Amount));

    private static TransferOrder Order(string key, string to, long amount) =>
        new(new RequestKey(key), new ProcessId(to), new Amount(amount));
}
