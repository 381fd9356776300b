using System.Collections.Concurrent;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>
/// Accounts that pay each other without a pause, and the history of what they were told. What is not known of a
/// transfer is settled by repeating it under the same key, before its sender pays again.
/// </summary>
internal sealed class TransferLoad(BankCluster bank, int accounts, long deposit, int seed)
{
    private readonly ConcurrentQueue<Entry> _history = new();
    private readonly int[] _settled = new int[accounts];
    private int _unknown;

    /// <summary>A transfer and its outcome.</summary>
    public sealed record Entry(int From, int To, long Amount, RequestKey Key, bool Accepted);

    public IReadOnlyCollection<Entry> History => _history;

    /// <summary>How many answers did not come.</summary>
    public int Unknown => _unknown;

    /// <summary>How many transfers of each account are settled.</summary>
    public int[] Settled => [.. _settled];

    /// <summary>Called when a transfer is settled.</summary>
    public Action OnSettled { get; init; } = static () => { };

    /// <summary>Pays from every account until it is stopped and what is under way is settled.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, accounts).Select(from => PayAsync(from, stop)));

    /// <summary>What each account must have when everything has arrived.</summary>
    public long[] ExpectedBalances()
    {
        var balances = Enumerable.Repeat(deposit, accounts).ToArray();
        foreach (var entry in _history.Where(entry => entry.Accepted))
        {
            balances[entry.From] -= entry.Amount;
            balances[entry.To] += entry.Amount;
        }

        return balances;
    }

    /// <summary>Asks for the last outcomes of each account again: each is what it was, refusals too.</summary>
    public async Task RepeatAsync(int perAccount)
    {
        foreach (var entry in _history.GroupBy(entry => entry.From).SelectMany(group => group.TakeLast(perAccount)))
        {
            var answer = await TransferAsync(entry.From, entry.To, entry.Amount, entry.Key);
            Assert.True(answer.Duplicate, $"{entry} is not remembered");
            Assert.Equal(entry.Accepted, answer.IsAccepted);
        }
    }

    private async Task PayAsync(int from, CancellationToken stop)
    {
        var random = new Random(seed + from);
        while (!stop.IsCancellationRequested)
        {
            var to = (from + 1 + random.Next(accounts - 1)) % accounts;
            // Some are more than there is.
            var amount = 1 + random.NextInt64(random.Next(8) == 0 ? 4 * deposit : deposit / 50);
            var key = RequestKeys.Create(DateTimeOffset.UtcNow, (ulong)random.NextInt64());
            var answer = await SettleAsync(from, to, amount, key);
            Assert.True(
                answer.Reason is RefusalReason.None or RefusalReason.InsufficientFunds, $"P{from}: {answer.Reason}");
            _history.Enqueue(new(from, to, amount, key, answer.IsAccepted));
            Interlocked.Increment(ref _settled[from]);
            OnSettled();
        }
    }

    private async Task<AccountAnswer> SettleAsync(int from, int to, long amount, RequestKey key)
    {
        while (true)
        {
            try
            {
                return await TransferAsync(from, to, amount, key);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Interlocked.Increment(ref _unknown);
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private Task<AccountAnswer> TransferAsync(int from, int to, long amount, RequestKey key) =>
        bank.Account($"P{from}").TransferAsync(key, new ProcessId($"P{to}"), new Amount(amount));
}
