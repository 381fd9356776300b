using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

public sealed class TransferTests : IAsyncLifetime
{
    private BankCluster _bank = null!; // Set before each test, by InitializeAsync.

    public async ValueTask InitializeAsync() => _bank = await BankCluster.StartAsync(silos: 1);

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task Money_for_an_account_that_is_not_open_comes_back()
    {
        await _bank.Account("alice").OpenAsync(100);
        var answer = await _bank.Account("alice").TransferAsync(
            new RequestKey("t-1"), new ProcessId("nobody"), new Amount(30));
        Assert.True(answer.IsAccepted);

        await BankCluster.UntilAsync(async () => (await _bank.Account("alice").GetAsync()).Balance == 100);

        var certificate = await _bank.ProveAsync(await _bank.TakeAsync("s-1"));
        Assert.Equal((2, 2, 0), (certificate.ProcessCount, certificate.ChannelCount, certificate.MessagesInTransit));
        Assert.False((await _bank.Account("nobody").GetAsync()).Open);
    }

    [Fact]
    public async Task Money_that_would_overflow_comes_back()
    {
        await _bank.Account("alice").OpenAsync(100);
        await _bank.Account("rich").OpenAsync(BankLimits.MaxAmount);
        await _bank.Account("alice").TransferAsync(new RequestKey("t-1"), new ProcessId("rich"), new Amount(1));

        await BankCluster.UntilAsync(async () => (await _bank.Account("alice").GetAsync()).Balance == 100);
        Assert.Equal(BankLimits.MaxAmount, (await _bank.Account("rich").GetAsync()).Balance);
    }

    [Fact]
    public async Task A_transfer_repeated_under_its_key_moves_the_money_once_also_when_both_are_in_flight()
    {
        await _bank.Account("alice").OpenAsync(100);
        await _bank.Account("bob").OpenAsync(0);
        var key = new RequestKey("t-1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            _bank.Account("alice").TransferAsync(key, new ProcessId("bob"), new Amount(30))));

        Assert.All(answers, answer => Assert.True(answer.IsAccepted));
        Assert.Equal(9, answers.Count(answer => answer.Duplicate));
        await BankCluster.UntilAsync(async () => (await _bank.Account("bob").GetAsync()).Balance == 30);
        Assert.Equal(70, (await _bank.Account("alice").GetAsync()).Balance);
    }

    [Fact]
    public async Task A_refusal_is_kept_under_its_key()
    {
        await _bank.Account("alice").OpenAsync(10);
        var key = new RequestKey("t-1");
        var refused = await _bank.Account("alice").TransferAsync(key, new ProcessId("bob"), new Amount(30));
        await _bank.Account("alice").DepositAsync(new RequestKey("d-1"), new Amount(100));
        var again = await _bank.Account("alice").TransferAsync(key, new ProcessId("bob"), new Amount(30));

        Assert.Equal(RefusalReason.InsufficientFunds, refused.Reason);
        Assert.Equal((RefusalReason.InsufficientFunds, true), (again.Reason, again.Duplicate));
        Assert.Equal(110, (await _bank.Account("alice").GetAsync()).Balance);
    }

    [Fact]
    public async Task Looking_at_an_account_that_nobody_opened_registers_nothing()
    {
        await _bank.Account("ghost").GetAsync();
        Assert.Empty(await _bank.Snapshots.ListProcessesAsync());
    }

    [Fact]
    public async Task Many_snapshots_at_once_all_complete_and_one_id_is_one_snapshot()
    {
        await _bank.OpenAsync(accounts: 20, deposit: 100);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(index => _bank.Account($"P{index}").TransferAsync(
            new RequestKey($"t-{index}"), new ProcessId($"P{(index + 1) % 20}"), new Amount(10))));

        var views = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(index => _bank.TakeAsync($"s-{index / 2}", $"P{index}")));

        foreach (var view in views) await _bank.ProveAsync(view);
        Assert.Equal(8, views.Select(view => view.Summary.Number).Distinct().Count());
        Assert.Equal(8, (await _bank.Snapshots.ListAsync(100)).Length);
    }
}
