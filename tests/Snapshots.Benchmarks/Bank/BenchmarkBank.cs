using System.Globalization;
using Snapshots.Bank;
using Snapshots.Client;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>Accounts of the bank that pay each other.</summary>
internal sealed class BenchmarkBank
{
    /// <summary>The account that gets every second one of the skewed transfers.</summary>
    private const int Hub = 0;
    private const int OpeningConcurrency = 512;
    private const int MaxTries = 10;
    private const int Seed = 1985;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DrainPause = TimeSpan.FromMilliseconds(5);

    private readonly IAccountGrain[] _accounts;
    private readonly TransferDesk _desk;
    private readonly ProcessId[] _ids;
    private readonly long _money;
    private long _keys;
    private long _paid;

    private BenchmarkBank(BenchmarkSilo silo, string prefix, int count, long deposit)
    {
        _ids =
            [.. Enumerable.Range(0, count)
                .Select(index => new ProcessId(string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}")))];
        _accounts = [.. _ids.Select(id => silo.Grains.GetGrain<IAccountGrain>(id.Value))];
        var accounts = _ids.Zip(_accounts).ToDictionary(pair => pair.First, pair => pair.Second);
        _desk = new(
            (from, orders) => accounts[from].TransferAllAsync(orders),
            (from, order) => accounts[from].TransferAsync(order.Key, order.To, order.Amount));
        _money = count * deposit;
    }

    /// <summary>All that was deposited.</summary>
    public long Money => _money;

    /// <summary>Transfers that were accepted.</summary>
    public long Paid => Volatile.Read(ref _paid);

    /// <summary>How many accounts there are.</summary>
    public int Count => _accounts.Length;

    /// <summary>Opens accounts, each with a deposit.</summary>
    public static async Task<BenchmarkBank> OpenAsync(BenchmarkSilo silo, string prefix, int count, long deposit)
    {
        var bank = new BenchmarkBank(silo, prefix, count, deposit);
        await ForEachAsync(count, index => bank._accounts[index].OpenAsync(deposit));
        return bank;
    }

    /// <summary>
    /// The n-th transfer among these accounts, each of which pays so many others, as a call of a load.
    /// </summary>
    public Func<long, Task<bool>> Transfers(int partners) => Transfers(partners, atTheDesk: true);

    /// <summary>The same, of which every second one goes to one account, the hub.</summary>
    public Func<long, Task<bool>> SkewedTransfers(int partners)
    {
        var plan = new TransferPlan(Seed, Count, partners);
        return number =>
        {
            var (from, to, amount) = plan[number];
            return PayAsync(from, number % 2 == 0 && from != Hub ? Hub : to, amount);
        };
    }

    /// <summary>
    /// The same with a grain call for each transfer, as from callers that share no <see cref="TransferDesk"/>.
    /// </summary>
    public Func<long, Task<bool>> TransfersInCallsOfTheirOwn(int partners) => Transfers(partners, atTheDesk: false);

    /// <summary>One transfer; repeated under its key until it is settled. False when it is refused.</summary>
    public Task<bool> PayAsync(int from, int to, int amount) => PayAsync(from, to, amount, atTheDesk: true);

    private Func<long, Task<bool>> Transfers(int partners, bool atTheDesk)
    {
        var plan = new TransferPlan(Seed, Count, partners);
        return number =>
        {
            var (from, to, amount) = plan[number];
            return PayAsync(from, to, amount, atTheDesk);
        };
    }

    private async Task<bool> PayAsync(int from, int to, int amount, bool atTheDesk)
    {
        var key = RequestKeys.Create(DateTimeOffset.UtcNow, (ulong)Interlocked.Increment(ref _keys));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await (atTheDesk
                    ? _desk.TransferAsync(_ids[from], key, _ids[to], new Amount(amount))
                    : _accounts[from].TransferAsync(key, _ids[to], new Amount(amount)));
                if (answer.IsAccepted) Interlocked.Increment(ref _paid);
                return answer.IsAccepted;
            }
            catch (Exception exception)
                when (attempt < MaxTries && exception is Grains.ChannelFullException or Grains.NotPersistedException)
            {
                await Task.Delay(Pause * attempt);
            }
        }
    }

    /// <summary>Makes many transfers, some at a time.</summary>
    public Task PayAsync(IReadOnlyList<(int From, int To)> transfers) => ForEachAsync(transfers.Count, async index =>
    {
        if (!await PayAsync(transfers[index].From, transfers[index].To, 1))
            throw new InvalidOperationException("a transfer was refused");
    });

    /// <summary>
    /// The sum of all balances, read one by one: less than there is while money is on its way, or more.
    /// </summary>
    public async Task<long> ReadTotalAsync()
    {
        var views = await Task.WhenAll(_accounts.Select(account => account.GetAsync()));
        return views.Sum(view => view.Balance);
    }

    /// <summary>Waits until all that was paid has arrived. Nobody may pay meanwhile.</summary>
    /// <exception cref="TimeoutException">Money is still on its way, or lost.</exception>
    public async Task DrainAsync(TimeSpan atMost)
    {
        var time = new TimeLimit(atMost);
        while (await ReadTotalAsync() != _money)
        {
            if (time.IsOver) throw new TimeoutException($"money is still on its way after {atMost.TotalSeconds} s");
            await Task.Delay(DrainPause);
        }
    }

    private static Task ForEachAsync(int count, Func<int, Task> action) => Parallel.ForAsync(
        0,
        count,
        new ParallelOptions { MaxDegreeOfParallelism = OpeningConcurrency },
        async (index, _) => await action(index));
}
