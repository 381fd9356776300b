namespace Snapshots.Benchmarks;

/// <summary>Four ways to one total over a thousand busy accounts.</summary>
internal sealed class Audit : IScenario
{
    private const int Accounts = 1000;
    private const int Partners = 8;
    private const int Concurrency = 128;
    private const long Deposit = 1_000_000;

    public string Name => "audit";

    public IReadOnlyList<string> Metrics { get; } =
    [
        "snapshotMs",
        "transactionMs",
        "transactionFailedPercent",
        "stopTheWorldMs",
        "naiveReadMs",
        "naiveReadWrongPercent",
        "snapshotMeanMs",
        "transactionMeanMs",
    ];

    public TimeSpan FullTime => TimeSpan.FromSeconds(60);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(14);

    public async Task RunAsync(ScenarioRun run)
    {
        var cap = run.Choose(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3));
        run.Note($"{Accounts} accounts, each pays {Partners} others, "
            + $"{Concurrency} transfers in flight all the time, on either side; each time is "
            + "until the caller has the total; a transaction is tried again when it is aborted, for "
            + $"{cap.TotalSeconds} s; skewed: every second transfer goes to one account");
        await using var silo = await BenchmarkSilo.StartAsync(run.Gateway, builder => builder.UseTransactions());
        var bank = await BenchmarkBank.OpenAsync(silo, "a", Accounts, Deposit);
        var transactions = await TransactionalBank.OpenAsync(silo, "t", Accounts, Deposit);
        var warmUp = run.Choose(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2));
        await Rounds.RunAsync(bank.Transfers(Partners), Concurrency, warmUp, () => bank.DrainAsync(Rounds.MaxDrain));
        await transactions.MeasureAsync(Partners, Concurrency, warmUp / 2);

        var looks = new BankLooks(run, bank, new BankSnapshots(silo, run), Partners, Concurrency);
        var reads = new TransactionalReads(transactions, Partners, Concurrency);
        var samples = await Turns.RunAsync(
            run.Choose(full: 5, quick: 1),
            run.Time,
            looks.SnapshotAsync,
            looks.ReadNaivelyAsync,
            looks.StopTheWorldAsync,
            () => reads.ReadAsync(cap),
            looks.SkewedSnapshotAsync);
        run.Measured("snapshotMs", samples[0]);
        run.Measured("transactionMs", samples[3]);
        run.Computed("transactionFailedPercent", reads.CapWasHit ? 100 : Statistics.Percent(reads.Failed, reads.Tried));
        run.Measured("stopTheWorldMs", samples[2]);
        run.Measured("naiveReadMs", samples[1]);
        run.Computed("naiveReadWrongPercent", Statistics.Percent(looks.NaiveWrong, looks.NaiveReads));

        // A transaction that reads all either gets its locks at once or waits for a timeout: its median says one or the
        // other.
        run.Computed("snapshotMeanMs", samples[0].Average());
        run.Computed("transactionMeanMs", samples[3].Average());
        run.Computed("snapshotBestMs", samples[0].Min());
        run.Computed("transactionBestMs", samples[3].Min());
        run.Measured("skewedSnapshotMs", samples[4]);
        run.Note(
            $"transactions that read all: {reads.Failed} of {reads.Tried} failed; naive reads: {looks.NaiveWrong} of "
                + $"{looks.NaiveReads} wrong");
    }
}
