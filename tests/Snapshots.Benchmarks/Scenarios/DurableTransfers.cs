using System.Globalization;

namespace Snapshots.Benchmarks;

/// <summary>Transfers of the bank against Orleans Transactions on the same storage, and against calls that do nothing.</summary>
internal sealed class DurableTransfers : IScenario
{
    private const int Concurrency = 4096;
    private const long Deposit = 1_000_000;
    private static readonly int[] TransactionConcurrencies = [8, 32, 128, 512];
    private static readonly int[] QuickTransactionConcurrencies = [32, 128];

    public string Name => "durable-transfers";

    public IReadOnlyList<string> Metrics { get; } =
        ["transfersPerSecond", "orleansTransactionsPerSecond", "ratio", "grainCallsPerSecond", "ratioToGrainCalls"];

    public TimeSpan FullTime => TimeSpan.FromSeconds(190);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public async Task RunAsync(ScenarioRun run)
    {
        await MeasureAsync(run, accounts: 64, partners: 63, run.Gateway, prefix: string.Empty);
        if (run.Quick) return;
        if (!run.Gateway) await MeasureAsync(run, accounts: 64, partners: 63, gateway: true, prefix: "gateway");
        await MeasureAsync(run, accounts: 1000, partners: 16, run.Gateway, prefix: "accounts1000");
    }

    private static async Task MeasureAsync(ScenarioRun run, int accounts, int partners, bool gateway, string prefix)
    {
        run.Note($"{accounts} accounts, each pays {partners} others; transfers and empty calls with {Concurrency} in flight, callers "
            + (gateway ? "at a TCP gateway" : "in the silo"));
        await using var silo = await BenchmarkSilo.StartAsync(gateway, builder => builder.UseTransactions());
        var bank = await BenchmarkBank.OpenAsync(silo, "a", accounts, Deposit);
        var transactions = await TransactionalBank.OpenAsync(silo, "t", accounts, Deposit);
        var calls = new EmptyCalls(silo, accounts);

        var each = run.Choose(TimeSpan.FromSeconds(prefix.Length == 0 ? 4 : 3), TimeSpan.FromSeconds(1.5));
        Task<LoadSample> TransfersAsync(TimeSpan time) =>
            Rounds.RunAsync(bank.Transfers(partners), Concurrency, time, () => bank.DrainAsync(Rounds.MaxDrain));
        Task<LoadSample> TransfersInCallsOfTheirOwnAsync(TimeSpan time) =>
            Rounds.RunAsync(bank.TransfersInCallsOfTheirOwn(partners), Concurrency, time, () => bank.DrainAsync(Rounds.MaxDrain));
        Task<LoadSample> CallsAsync(TimeSpan time) => Rounds.RunAsync(calls.CallAsync, Concurrency, time);

        var warmUp = run.Choose(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1.5));
        await TransfersAsync(warmUp);
        await CallsAsync(warmUp / 2);
        await transactions.MeasureAsync(partners, QuickTransactionConcurrencies[0], warmUp / 2);
        var best = await transactions.FindConcurrencyAsync(run, partners, run.Choose(TransactionConcurrencies, QuickTransactionConcurrencies), warmUp / 3);

        using var counters = new SiloCounters();
        var counted = new TransferCounts(counters);
        List<Func<Task<LoadSample>>> sides =
        [
            () => counted.AddAsync(() => TransfersAsync(each), bank),
            () => transactions.MeasureAsync(partners, best, each),
            () => CallsAsync(each),
        ];
        if (!run.Quick) sides.Add(() => TransfersInCallsOfTheirOwnAsync(each));
        var samples = await Turns.RunAsync(run.Choose(full: prefix.Length == 0 ? 4 : 3, quick: 2), run.Time, [.. sides]);
        Tell(run, prefix, samples);
        run.Note($"a transfer took {counted}");
        run.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"bytes allocated: {Allocated(samples[0]):0} per transfer, {Allocated(samples[1]):0} per transaction, {Allocated(samples[2]):0} per empty "
                + $"call; the garbage collector held transfers up for {Statistics.Median(samples[0].Select(sample => sample.PausePercent)):0.0} % of the time"));
        run.Note($"Orleans Transactions: {transactions.Aborts} of {transactions.Transactions} aborted and tried again");

        var snapshots = new BankSnapshots(silo, run);
        await snapshots.ProveAsync(await snapshots.TakeAsync(), bank.Money);
        if (await transactions.TryReadTotalAsync(Rounds.MaxDrain) is { } total && total != transactions.Money)
        {
            run.Fail($"Orleans Transactions hold {total} of {transactions.Money}");
        }
    }

    private static double Allocated(IEnumerable<LoadSample> samples) => Statistics.Median(samples.Select(sample => sample.AllocatedBytes));

    private static void Tell(ScenarioRun run, string prefix, IReadOnlyList<IReadOnlyList<LoadSample>> samples)
    {
        string NameOf(string name) => prefix.Length == 0 ? name : $"{prefix}{char.ToUpperInvariant(name[0])}{name[1..]}";
        var transfers = run.Measured(NameOf("transfersPerSecond"), samples[0].Select(sample => sample.PerSecond));
        var transactions = run.Measured(NameOf("orleansTransactionsPerSecond"), samples[1].Select(sample => sample.PerSecond));
        run.Computed(NameOf("ratio"), Statistics.Ratio(transfers, transactions));
        var calls = run.Measured(NameOf("grainCallsPerSecond"), samples[2].Select(sample => sample.PerSecond));
        run.Computed(NameOf("ratioToGrainCalls"), Statistics.Ratio(transfers, calls));
        run.Measured(NameOf("transferCpuMicroseconds"), samples[0].Select(sample => sample.CpuMicroseconds));
        run.Measured(NameOf("orleansTransactionCpuMicroseconds"), samples[1].Select(sample => sample.CpuMicroseconds));
        run.Measured(NameOf("grainCallCpuMicroseconds"), samples[2].Select(sample => sample.CpuMicroseconds));
        if (samples.Count == 3) return; // A quick run has no time for it.
        run.Measured(NameOf("inCallsOfTheirOwnTransfersPerSecond"), samples[3].Select(sample => sample.PerSecond));
        run.Measured(NameOf("inCallsOfTheirOwnTransferCpuMicroseconds"), samples[3].Select(sample => sample.CpuMicroseconds));
    }
}
