namespace Snapshots.Benchmarks;

/// <summary>Transactions that read every account while transfers go on.</summary>
internal sealed class TransactionalReads(TransactionalBank bank, int partners, int concurrency)
{
    private static readonly TimeSpan RunUp = TimeSpan.FromMilliseconds(500);

    public int Tried { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Whether there was a time in which none succeeded.</summary>
    public bool CapWasHit { get; private set; }

    /// <summary>Milliseconds until one succeeded, or the cap.</summary>
    public async Task<double> ReadAsync(TimeSpan cap)
    {
        var load = new RunningLoad(bank.Transfers(partners));
        load.Start(concurrency);
        try
        {
            await Task.Delay(RunUp);
            var time = new TimeLimit(cap);
            while (!time.IsOver)
            {
                Tried++;
                if (await bank.TryReadTotalAsync(time.Left) is { } total)
                {
                    if (total == bank.Money) return time.Elapsed.TotalMilliseconds;
                    throw new InvalidOperationException($"a transaction has read {total} of {bank.Money}");
                }

                Failed++;
            }

            CapWasHit = true;
            return cap.TotalMilliseconds;
        }
        finally
        {
            await load.StopAsync();
        }
    }
}
