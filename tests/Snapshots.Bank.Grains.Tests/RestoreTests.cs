using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

public sealed class RestoreTests
{
    private const int Accounts = 24;
    private const long Deposit = 1000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>
    /// Every account is, to the unit, what the snapshot says with its messages in transit delivered; requests in the cut
    /// are remembered; requests after it happen again, once; the next snapshot is of the next epoch, and holds.
    /// </summary>
    [Fact]
    public async Task The_bank_goes_back_to_a_snapshot_with_what_was_in_transit_and_works_on()
    {
        await using var bank = await BankCluster.StartAsync(silos: 2);
        await bank.OpenAsync(Accounts, Deposit);
        await PayAsync(bank, "before");
        var snapshot = await TakeUnderWayAsync(bank);
        await PayAsync(bank, "after");
        var epochs = await RestoreAsync(bank, "s-1");
        Assert.Equal((new Epoch(1), new Epoch(2)), epochs);

        var expected = Restored(await bank.ReadAsync(snapshot));
        for (var index = 0; index < Accounts; index++)
        {
            var view = await bank.Account($"P{index}").GetAsync();
            Assert.Equal((expected[new($"P{index}")].Balance, new Epoch(2)), (view.Balance, view.Epoch));
        }

        var repeated = await bank.Account("P0").TransferAsync(new("before-0"), new("P1"), new(1));
        Assert.Equal((true, new Epoch(2)), (repeated.Duplicate, repeated.Epoch));
        var again = await bank.Account("P0").TransferAsync(new("after-0"), new("P1"), new(1));
        Assert.Equal((true, false), (again.IsAccepted, again.Duplicate));
        Assert.True((await bank.Account("P0").TransferAsync(new("after-0"), new("P1"), new(1))).Duplicate);
        var next = await bank.TakeAsync("next");
        await bank.ProveAsync(next);
        Assert.Equal((new Epoch(2), new RestoredFrom(new(1), new("s-1"))), (next.Summary.Epoch, next.Summary.RestoredFrom));
    }

    [Fact]
    public async Task A_restore_can_be_reverted_and_a_snapshot_of_an_earlier_epoch_be_restored()
    {
        await using var bank = await BankCluster.StartAsync(silos: 1);
        await bank.OpenAsync(Accounts, Deposit);
        await bank.TakeAsync("empty");
        await PayAsync(bank, "paid");
        Assert.Equal(Deposit * Accounts, await ArriveAsync(bank));
        var before = await BalancesAsync(bank);
        await RestoreAsync(bank, "empty");
        Assert.All(await BalancesAsync(bank), balance => Assert.Equal(Deposit, balance));
        var restore = (await bank.Snapshots.ListRestoresAsync(1))[0];
        var epochs = await RestoreAsync(bank, restore.Safety.Value);
        Assert.Equal(new Epoch(3), epochs.To);
        Assert.Equal(before, await BalancesAsync(bank));
        await RestoreAsync(bank, "empty");
        Assert.All(await BalancesAsync(bank), balance => Assert.Equal(Deposit, balance));
    }

    [Fact]
    public async Task An_account_that_is_not_in_the_snapshot_becomes_empty_and_can_be_opened_again()
    {
        await using var bank = await BankCluster.StartAsync(silos: 1);
        await bank.OpenAsync(2, Deposit);
        await bank.TakeAsync("two");
        await bank.Account("late").OpenAsync(5);
        await RestoreAsync(bank, "two");
        Assert.Equal(1, (await bank.Snapshots.ListRestoresAsync(1))[0].Counts.Emptied);
        Assert.False((await bank.Account("late").GetAsync()).Open);
        Assert.True((await bank.Account("late").OpenAsync(7)).IsAccepted);
        Assert.True((await bank.Account("new").OpenAsync(7)).IsAccepted);
        await bank.ProveAsync(await bank.TakeAsync("next"));
    }

    [Fact]
    public async Task A_restore_goes_on_when_silos_are_lost_in_the_middle_of_it()
    {
        await using var bank = await BankCluster.StartAsync(silos: 3);
        await bank.OpenAsync(200, Deposit);
        var snapshot = await bank.TakeAsync("s-1");
        var expected = Restored(await bank.ReadAsync(snapshot));
        await PayAsync(bank, "after", 200);
        var restore = await bank.Snapshots.BeginRestoreAsync(new(new("s-1"), "a test", TakesSafety: true));
        await bank.LoseAsync(bank.Cluster.Silos[^1]);
        var ended = await WaitAsync(bank, restore.Number);
        Assert.Equal(RestoreStatus.Completed, ended.Status);
        for (var index = 0; index < 200; index++)
        {
            Assert.Equal(expected[new($"P{index}")].Balance, (await bank.Account($"P{index}").GetAsync()).Balance);
        }
    }

    [Fact]
    public async Task A_restore_of_what_does_not_exist_or_runs_is_refused()
    {
        await using var bank = await BankCluster.StartAsync(silos: 1);
        await bank.OpenAsync(2, Deposit);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => bank.Snapshots.BeginRestoreAsync(new(new("none"), string.Empty, true)));
        Assert.Null(await bank.Snapshots.GetRestoreAsync(new(1)));
        Assert.Null(await bank.Snapshots.AbortRestoreAsync(new(1), "no"));
    }

    private static async Task<(Epoch From, Epoch To)> RestoreAsync(BankCluster bank, string id)
    {
        var restore = await bank.Snapshots.BeginRestoreAsync(new(new(id), "a test", TakesSafety: true));
        var ended = await WaitAsync(bank, restore.Number);
        Assert.Equal((RestoreStatus.Completed, string.Empty), (ended.Status, ended.Failure));
        return (ended.FromEpoch, ended.ToEpoch);
    }

    private static async Task<RestoreSummary> WaitAsync(BankCluster bank, RestoreNumber number)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            try
            {
                return await bank.Snapshots.WaitForRestoreAsync(number, progress: null, limit.Token);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                limit.Token.ThrowIfCancellationRequested(); // A silo that answered is lost.
            }
        }
    }

    /// <summary>Each account pays the next one; the money need not have arrived.</summary>
    private static Task<AccountAnswer[]> PayAsync(BankCluster bank, string prefix, int accounts = Accounts) => Task.WhenAll(
        Enumerable.Range(0, accounts).Select(index =>
            bank.Account($"P{index}").TransferAsync(new($"{prefix}-{index}"), new($"P{(index + 1) % accounts}"), new(1 + (index % 7)))));

    /// <summary>Takes snapshots while money moves, until one has some in transit; it is <c>s-1</c>.</summary>
    private static async Task<SnapshotView> TakeUnderWayAsync(BankCluster bank)
    {
        var pay = PayAsync(bank, "during");
        var view = await bank.TakeAsync("s-1");
        await pay;
        return view;
    }

    private static async Task<long> ArriveAsync(BankCluster bank)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await bank.BalancesAsync(Accounts) != Deposit * Accounts) limit.Token.ThrowIfCancellationRequested();
        return Deposit * Accounts;
    }

    private static async Task<long[]> BalancesAsync(BankCluster bank) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, Accounts).Select(index => bank.Account($"P{index}").GetAsync()))).Select(view => view.Balance)];

    private static Dictionary<ProcessId, AccountState> Restored(GlobalState<AccountState, BankMessage> state)
    {
        var accounts = state.Processes.ToDictionary(process => process.Id, process => process.State);
        foreach (var channel in state.Channels)
        {
            var (source, target) = (channel.Channel.Source, channel.Channel.Target);
            foreach (var (_, message) in channel.Messages)
            {
                accounts[target] = BankApplication.Instance.Deliver(target, accounts[target], source, message).State;
            }
        }

        return accounts;
    }
}
