using System.Globalization;
using Orleans.Transactions;
using Snapshots.Client;

namespace Snapshots.Benchmarks;

/// <summary>The same accounts under Orleans Transactions, in the same storage.</summary>
internal sealed class TransactionalBank
{
    private const int Seed = 1985;
    private const int OpeningConcurrency = 32;
    private const int MaxTries = 20;

    private readonly string[] _ids;
    private readonly ITransactionalTeller _teller;
    private readonly IGrainFactory _grains;
    private readonly long _money;
    private long _aborts;
    private long _transactions;

    private TransactionalBank(BenchmarkSilo silo, string prefix, int count, long deposit)
    {
        _grains = silo.Grains;
        _teller = _grains.GetGrain<ITransactionalTeller>(0);
        _ids =
            [.. Enumerable.Range(0, count)
                .Select(index => string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}"))];
        _money = count * deposit;
    }

    /// <summary>All that was deposited.</summary>
    public long Money => _money;

    /// <summary>Transfers tried so far, repeats included.</summary>
    public long Transactions => Volatile.Read(ref _transactions);

    /// <summary>Of them, those that were aborted.</summary>
    public long Aborts => Volatile.Read(ref _aborts);

    public static async Task<TransactionalBank> OpenAsync(BenchmarkSilo silo, string prefix, int count, long deposit)
    {
        var bank = new TransactionalBank(silo, prefix, count, deposit);
        await Parallel.ForEachAsync(
            bank._ids,
            new ParallelOptions { MaxDegreeOfParallelism = OpeningConcurrency },
            async (id, _) => await bank._grains.GetGrain<ITransactionalAccount>(id).AddAsync(deposit));
        return bank;
    }

    /// <summary>
    /// The n-th transfer as a call of a load; repeated while it is aborted, false when that is in vain.
    /// </summary>
    public Func<long, Task<bool>> Transfers(int partners)
    {
        var plan = new TransferPlan(Seed, _ids.Length, partners);
        return async number =>
        {
            var (from, to, amount) = plan[number];
            for (var attempt = 1; attempt <= MaxTries; attempt++)
            {
                Interlocked.Increment(ref _transactions);
                try
                {
                    await _teller.TransferAsync(_ids[from], _ids[to], amount);
                    return true;
                }
                catch (Exception exception) when (exception is OrleansTransactionException or TimeoutException)
                {
                    Interlocked.Increment(ref _aborts);
                }
            }

            return false;
        };
    }

    /// <summary>One transaction that reads all accounts; none when it is aborted or not done in that time.</summary>
    public async Task<long?> TryReadTotalAsync(TimeSpan atMost)
    {
        try
        {
            return await _teller.TotalAsync(_ids).WaitAsync(atMost);
        }
        catch (Exception exception) when (exception is OrleansTransactionException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The concurrency, of some, at which most transfers succeed; each is tried for a while.</summary>
    public async Task<int> FindConcurrencyAsync(
        ScenarioRun run, int partners, IReadOnlyList<int> candidates, TimeSpan each)
    {
        var (best, most) = (candidates[0], 0.0);
        var tried = new List<string>();
        foreach (var candidate in candidates)
        {
            var time = new TimeLimit(each);
            var rate = await CountAsync(partners, candidate, each) / time.Elapsed.TotalSeconds;
            tried.Add(string.Create(CultureInfo.InvariantCulture, $"{candidate}: {rate:0}/s"));
            if (rate > most) (best, most) = (candidate, rate);
        }

        run.Note($"Orleans Transactions by calls in flight: {string.Join(", ", tried)}; measured with {best}");
        return best;
    }

    private async Task<long> CountAsync(int partners, int concurrency, TimeSpan duration)
    {
        var load = new RunningLoad(Transfers(partners));
        load.Start(concurrency);
        await Task.Delay(duration);
        await load.StopAsync();
        return load.Done;
    }

    /// <summary>
    /// Successful transfers. What is in flight at the end is waited for, but its time does not count.
    /// </summary>
    public async Task<LoadSample> MeasureAsync(int partners, int concurrency, TimeSpan duration)
    {
        var load = new RunningLoad(Transfers(partners));
        var effort = new Effort();
        load.Start(concurrency);
        await Task.Delay(duration);
        var sample = effort.Of(load, load.Done);
        await load.StopAsync();
        Rounds.RequireSound(load);
        return sample;
    }
}
