using System.Diagnostics;
using Snapshots.Bank;

namespace Snapshots.Client;

/// <summary>Runs a load: opens accounts, moves money, takes snapshots meanwhile.</summary>
internal sealed class LoadRunner(BankConnection bank, LoadOptions options, TimeProvider time)
{
    /// <summary>How long calls in flight may still end after Ctrl-C.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it. Ctrl-C ends it early, with a result.</summary>
    public async Task<LoadResult> RunAsync(IProgressBar bar, CancellationToken interrupted)
    {
        var accounts = AccountOpener.Name(options.Prefix, options.Accounts);
        var plan = new TransferPlan(options.Seed, options.Accounts, partners: options.Accounts - 1);
        using var loop = new TransferLoop(bank, accounts, plan, options.Transfers ?? long.MaxValue, time);
        try
        {
            var money = await AccountOpener.OpenAsync(bank, [.. accounts.Select(id => (id, options.Deposit))], bar, interrupted);
            var series = new SnapshotSeries(
                bank, SnapshotIds.Create("load", time), accounts[0], options.SnapshotEvery ?? TimeSpan.Zero);
            var elapsed = await RunAsync(loop, series, bar, interrupted);
            var failure = interrupted.IsCancellationRequested ? Interrupted() : loop.Failure;
            return new(options.Accounts, loop.Tally, Returned(money), elapsed, series.Taken, failure);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return new(options.Accounts, loop.Tally, Returned: 0, TimeSpan.Zero, [], Interrupted());
        }
    }

    private static Failure Interrupted() => new(ErrorCode.Interrupted, "interrupted");

    /// <summary>
    /// Money comes back when its target is not open, or would hold more than an account may. All targets are open, and stay so. While
    /// all accounts of the load together hold no more than one of them may, the second cannot happen either, so nothing comes back.
    /// Otherwise nobody can tell: the bank keeps no count of returns.
    /// </summary>
    private static long? Returned(Int128 money) => money <= BankLimits.MaxAmount ? 0 : null;

    private async Task<TimeSpan> RunAsync(TransferLoop loop, SnapshotSeries series, IProgressBar bar, CancellationToken interrupted)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        using var ended = new CancellationTokenSource();
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(interrupted, loop.Abandoned);
        if (options.Duration is { } duration) stop.CancelAfter(duration);
        var startedAt = Stopwatch.GetTimestamp();
        var transfers = loop.RunAsync(options.Concurrency, stop.Token);
        var snapshots = options.SnapshotEvery is null || options.Transfers == 0
            ? Task.CompletedTask
            : series.RunAsync(loop.UnderWay, ended.Token, abandon.Token);
        await FollowAsync(loop, transfers, bar, startedAt, interrupted);
        var elapsed = Stopwatch.GetElapsedTime(startedAt);
        await ended.CancelAsync();
        await snapshots;
        return elapsed;
    }

    /// <summary>Shows how far the transfers are, until they have ended or Ctrl-C has given them their time.</summary>
    private async Task FollowAsync(
        TransferLoop loop, Task transfers, IProgressBar bar, long startedAt, CancellationToken interrupted)
    {
        while (!transfers.IsCompleted && !interrupted.IsCancellationRequested)
        {
            await Task.WhenAny(transfers, Task.Delay(ProgressPeriod, interrupted));
            var (done, all) = options.Duration is { } duration
                ? (Stopwatch.GetElapsedTime(startedAt).TotalSeconds, duration.TotalSeconds)
                : (loop.Tally.Sent, (double)options.Transfers!.Value);
            bar.Report(done, all, $"{loop.Tally.Sent} transfers");
        }

        if (!transfers.IsCompleted)
        {
            await Task.WhenAny(transfers, Task.Delay(Grace, CancellationToken.None));
            loop.Abandon();
        }

        await transfers;
    }
}
