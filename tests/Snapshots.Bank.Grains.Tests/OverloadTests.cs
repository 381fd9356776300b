using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>
/// Far more calls than the bounds let in: they wait or are refused clearly, and nothing is left of it afterwards.
/// </summary>
public sealed class OverloadTests : IDisposable
{
    private const int Accounts = 8;

    /// <summary>
    /// No more than an account remembers in any case: else a key that was refused could be too old when it is paid
    /// again.
    /// </summary>
    private const int CallsEach = RequestLimits.RememberedTimedKeys;
    private const long Deposit = 1_000_000;
    private static readonly TimeSpan MaxSettling = TimeSpan.FromSeconds(60);

    /// <summary>The time of all keys.</summary>
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("snapshots-bank-");

    public void Dispose() => _data.Delete(recursive: true);

    /// <param name="atDesk">Whether calls are shared; else each transfer has its own.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_call_is_answered_no_money_is_lost_and_the_bank_is_as_before(bool atDesk)
    {
        await using var silo = await EmbeddedSilo.StartAsync(
            _data.FullName,
            LogLevel.Error,
            configureSnapshots: Tighten,
            cancellationToken: TestContext.Current.CancellationToken);
        var accounts = Enumerable.Range(0, Accounts).Select(
            index => silo.Grains.GetGrain<IAccountGrain>($"P{index}")).ToArray();
        await Task.WhenAll(accounts.Select(account => account.OpenAsync(Deposit)));
        IAccountGrain Account(ProcessId id) => silo.Grains.GetGrain<IAccountGrain>(id.Value);
        var desk = new TransferDesk(
            (from, orders) => Account(from).TransferAllAsync(orders),
            (from, order) => Account(from).TransferAsync(order.Key, order.To, order.Amount));
        Pay pay = atDesk ? desk.TransferAsync : (from, key, to, amount) => Account(from).TransferAsync(key, to, amount);

        // Twenty times what has room at once: 7 windows of 4 and 16 who wait for room, for each account.
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, Accounts * CallsEach).Select(number => PayAsync(pay, number)));
        Assert.Contains(true, outcomes);
        Assert.Contains(false, outcomes);
        await SettleAsync(accounts);

        // Refused, and clearly: not executed. So what was refused can be paid now, under the same keys, and what was
        // accepted is known.
        var again = 0;
        for (var number = 0; number < outcomes.Length && again < 200; number++)
        {
            if (outcomes[number]) continue;
            Assert.True(await PayAsync(pay, number));
            again++;
        }

        await SettleAsync(accounts);
        var snapshots = new SnapshotClient(silo.Grains, BankApplication.Name);
        await snapshots.BeginAsync(new SnapshotRequest(new SnapshotId("after"), default, MaxSettling));
        var view = await snapshots.WaitAsync(
            new SnapshotId("after"), progress: null, TestContext.Current.CancellationToken);
        Assert.Equal((SnapshotStatus.Completed, 0), (view.Summary.Status, view.Summary.MessagesInTransit));
    }

    private delegate Task<AccountAnswer> Pay(ProcessId from, RequestKey key, ProcessId to, Amount amount);

    private static void Tighten(SnapshotsOptions options)
    {
        options.Limits = ProtocolLimits.Default with { Window = 4 };
        options.MaxWaitersForRoom = 16;
    }

    /// <summary>Whether the transfer was accepted; false when the account said that it has no room.</summary>
    private async Task<bool> PayAsync(Pay pay, int number)
    {
        var (from, key) = (number % Accounts, RequestKeys.Create(_start, (ulong)number));
        try
        {
            var to = new ProcessId($"P{(from + 1 + (number / Accounts % (Accounts - 1))) % Accounts}");
            var answer = await pay(new ProcessId($"P{from}"), key, to, new Amount(1));
            Assert.True(answer.IsAccepted, answer.Message);
            return true;
        }
        catch (ChannelFullException)
        {
            return false;
        }
    }

    private static async Task SettleAsync(IAccountGrain[] accounts)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(MaxSettling);
        while ((await Task.WhenAll(accounts.Select(account => account.GetAsync())))
            .Sum(view => view.Balance) != Accounts * Deposit)
        {
            timeout.Token.ThrowIfCancellationRequested();
        }
    }
}
