using System.Diagnostics;

namespace Snapshots.Client;

/// <summary>Runs a load: settles the transfers of a journal, opens accounts, moves money, takes snapshots.</summary>
/// <param name="bank">The bank.</param>
/// <param name="options">What to do.</param>
/// <param name="unknown">The transfers to settle first; null if no journal is resumed.</param>
/// <param name="journal">Records every transfer; null for no journal.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Tells the user.</param>
internal sealed class LoadRunner(
    BankConnection bank,
    LoadOptions options,
    IReadOnlyList<Transfer>? unknown,
    TransferJournal? journal,
    TimeProvider time,
    Action<string> say)
{
    /// <summary>How long calls in flight may continue after Ctrl-C.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the load. Ctrl-C ends it early, with a result.</summary>
    public async Task<LoadResult> RunAsync(IProgressBar bar, CancellationToken interrupted)
    {
        using var settler = new TransferSettler(bank, journal, say);
        var resumed = unknown is null ? null : settler.Resumed;
        try
        {
            if (unknown is not null) await ResumeAsync(settler, unknown, bar, interrupted);
            if (FailureOf(settler, interrupted) is { } failure)
                return new(options.Accounts, settler.Tally, resumed, Returned: null, TimeSpan.Zero, [], failure);

            var accounts = AccountOpener.Name(options.Prefix, options.Accounts);
            var money = await AccountOpener.OpenAsync(
                bank, [.. accounts.Select(id => (id, options.Deposit))], bar, interrupted);
            var series = new SnapshotSeries(
                bank, NewSnapshotId.Create("load", time).Value, accounts[0], options.SnapshotEvery ?? TimeSpan.Zero);
            var plan = new TransferPlan(options.Seed, options.Accounts, partners: options.Accounts - 1);
            var loop = new TransferLoop(settler, accounts, plan, options.Transfers ?? long.MaxValue, time);
            var elapsed = await RunAsync(settler, loop, series, bar, interrupted);
            if (FailureOf(settler, interrupted) is null)
                await EmbeddedDelivery.CompleteAsync(bank, accounts, interrupted);
            var failed = FailureOf(settler, interrupted);
            return new(options.Accounts, settler.Tally, resumed, Returned(money), elapsed, series.Taken, failed)
            {
                IsRestored = settler.HasRestored,
            };
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return new(options.Accounts, settler.Tally, resumed, Returned: null, TimeSpan.Zero, [], Interrupted());
        }
    }

    private static Failure? FailureOf(TransferSettler settler, CancellationToken interrupted) =>
        interrupted.IsCancellationRequested ? Interrupted(settler) : settler.Failure;

    private static Failure Interrupted(TransferSettler? settler = null) => new(
        ErrorCode.Interrupted, $"interrupted{(settler is { Tally.Unknown: > 0 } ? LoadOptions.HowToSettle : "")}");

    /// <summary>
    /// Counts the returns. Money comes back when its target is not open, or would exceed the limit of an account. All
    /// targets are open and stay open. While all accounts of the load together stay below that limit, nothing comes
    /// back. Otherwise the count is unknown (null): the bank does not count returns.
    /// </summary>
    private static long? Returned(Int128 money) => money <= BankLimits.MaxAmount ? 0 : null;

    /// <summary>Settles the transfers of an earlier run, before any new transfer.</summary>
    private async Task ResumeAsync(
        TransferSettler settler, IReadOnlyList<Transfer> left, IProgressBar bar, CancellationToken interrupted)
    {
        var transfers = new TransferBacklog(settler, left).RunAsync(options.Concurrency, interrupted);
        void Report() => bar.Report(settler.Resumed.Sent, left.Count, "settling the journal");
        await FollowAsync(settler, transfers, Report, interrupted);
    }

    private async Task<TimeSpan> RunAsync(
        TransferSettler settler,
        TransferLoop loop,
        SnapshotSeries series,
        IProgressBar bar,
        CancellationToken interrupted)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        using var ended = new CancellationTokenSource();
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(interrupted, settler.Abandoned);
        if (options.Duration is { } duration) stop.CancelAfter(duration);
        var startedAt = Stopwatch.GetTimestamp();
        var transfers = loop.RunAsync(options.Concurrency, stop.Token);
        var snapshots = options.SnapshotEvery is null || options.Transfers == 0
            ? Task.CompletedTask
            : series.RunAsync(settler.UnderWay, ended.Token, abandon.Token);
        await FollowAsync(settler, transfers, () => Report(settler.Tally, series, bar, startedAt), interrupted);
        var elapsed = Stopwatch.GetElapsedTime(startedAt);
        await ended.CancelAsync();
        await snapshots;
        return elapsed;
    }

    private void Report(TransferTally tally, SnapshotSeries series, IProgressBar bar, long startedAt)
    {
        var seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        var (done, all) = options.Duration is { } duration
            ? (seconds, duration.TotalSeconds)
            : (tally.Sent, (double)options.Transfers!.Value);
        var left = done > 0 ? seconds * (all - done) / done : 0;
        var rate = tally.Sent / Math.Max(seconds, 0.001);
        var total = options.Transfers is { } transfers ? $" of {transfers:N0}" : string.Empty;
        bar.Report(done, all, string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Sent:N0}{total}, {rate:N0}/s, {Math.Max(left, 0):0} s left{series.State}"));
    }

    /// <summary>Shows progress until the transfers end, or Ctrl-C and the time of grace end them.</summary>
    private static async Task FollowAsync(
        TransferSettler settler, Task transfers, Action report, CancellationToken interrupted)
    {
        while (!transfers.IsCompleted && !interrupted.IsCancellationRequested)
        {
            await Task.WhenAny(transfers, Task.Delay(ProgressPeriod, interrupted));
            report();
        }

        if (!transfers.IsCompleted)
        {
            await Task.WhenAny(transfers, Task.Delay(Grace, CancellationToken.None));
            settler.Abandon();
        }

        await transfers;
    }
}

/// <summary>Opens and funds the accounts of a load that are not open.</summary>
internal static class AccountOpener
{
    private const int Concurrency = 128;

    /// <summary>Names the accounts: a prefix and a number from 0.</summary>
    public static IReadOnlyList<ProcessId> Name(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new ProcessId(FormattableString.Invariant($"{prefix}{index}")))];

    /// <summary>Opens the accounts; returns the money that all of them hold, old and new.</summary>
    /// <exception cref="ClientException">The bank refuses to open an account.</exception>
    public static async Task<Int128> OpenAsync(
        BankConnection bank,
        IReadOnlyList<(ProcessId Id, long Deposit)> accounts,
        IProgressBar bar,
        CancellationToken interrupted)
    {
        var (done, totals) = (0, new Int128[accounts.Count]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = interrupted };
        await Parallel.ForAsync(0, accounts.Count, options, async (index, token) =>
        {
            var (id, deposit) = accounts[index];
            totals[index] = await OpenAsync(bank, id, deposit, token);
            bar.Report(Interlocked.Increment(ref done), accounts.Count, "opening accounts");
        });
        return totals.Aggregate(Int128.Zero, (sum, balance) => sum + balance);
    }

    private static async Task<long> OpenAsync(
        BankConnection bank, ProcessId id, long deposit, CancellationToken interrupted)
    {
        var grain = bank.Account(id);
        var answer = await RepeatedCall.MakeAsync(bank, () => grain.OpenAsync(deposit), interrupted);
        if (answer.IsAccepted) return deposit;
        if (answer.Reason != RefusalReason.AlreadyOpen)
            throw new ClientException(Refusals.CodeOf(answer), $"{id}: {answer.Message}");

        return (await RepeatedCall.MakeAsync(bank, grain.GetAsync, interrupted)).Balance;
    }
}
