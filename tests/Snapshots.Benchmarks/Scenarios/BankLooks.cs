using System.Diagnostics;

namespace Snapshots.Benchmarks;

/// <summary>
/// Totals of a bank whose money moves all the time. Each look begins with a bank at rest and leaves it so.
/// </summary>
internal sealed class BankLooks(
    ScenarioRun run, BenchmarkBank bank, BankSnapshots snapshots, int partners, int concurrency)
{
    /// <summary>A naive read is short: so many make one sample.</summary>
    private const int ReadsPerLook = 20;
    private static readonly TimeSpan RunUp = TimeSpan.FromMilliseconds(500);

    public int NaiveReads { get; private set; }

    public int NaiveWrong { get; private set; }

    /// <summary>Milliseconds until a snapshot was taken, read and proven.</summary>
    public Task<double> SnapshotAsync() => WhileBusyAsync(TakeAndProveAsync);

    /// <summary>The same, while every second transfer goes to one account.</summary>
    public Task<double> SkewedSnapshotAsync() => WhileBusyAsync(TakeAndProveAsync, bank.SkewedTransfers(partners));

    /// <summary>Milliseconds until all balances were read one by one.</summary>
    public Task<double> ReadNaivelyAsync() => WhileBusyAsync(async _ =>
    {
        var startedAt = Stopwatch.GetTimestamp();
        for (var read = 0; read < ReadsPerLook; read++)
        {
            if (await bank.ReadTotalAsync() != bank.Money) NaiveWrong++;
            NaiveReads++;
        }

        return Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds / ReadsPerLook;
    });

    /// <summary>
    /// Milliseconds in which nobody may pay: from the call to stop until all has arrived and was read.
    /// </summary>
    public Task<double> StopTheWorldAsync() => WhileBusyAsync(async load =>
    {
        var startedAt = Stopwatch.GetTimestamp();
        await load.StopAsync();
        await bank.DrainAsync(Rounds.MaxDrain);
        var elapsedMs = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        load.Start(concurrency);
        return elapsedMs;
    });

    private async Task<double> TakeAndProveAsync(RunningLoad load)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var snapshot = await snapshots.TakeAsync();
        await snapshots.ProveAsync(snapshot, bank.Money);
        return Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
    }

    private async Task<double> WhileBusyAsync(Func<RunningLoad, Task<double>> look, Func<long, Task<bool>>? transfers = null)
    {
        var load = new RunningLoad(transfers ?? bank.Transfers(partners));
        load.Start(concurrency);
        try
        {
            await Task.Delay(RunUp);
            return await look(load);
        }
        finally
        {
            await load.StopAsync();
            await bank.DrainAsync(Rounds.MaxDrain);
            if (load.FirstError is { } error)
                run.Fail($"{load.Errors} transfers failed, the first with: {error.Message}");
        }
    }
}
