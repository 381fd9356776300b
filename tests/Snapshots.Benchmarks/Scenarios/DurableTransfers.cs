using System.Globalization;

namespace Snapshots.Benchmarks;

/// <summary>
/// Transfers of the bank against Orleans Transactions on the same storage, and against calls that do nothing.
/// </summary>
internal sealed class DurableTransfers : IScenario
{
    private const int Concurrency = 16_384;
    private const int FewerInFlight = 4096;
    private const long Deposit = 1_000_000;
    private static readonly int[] TransactionConcurrencies = [8, 32, 128, 512];
    private static readonly int[] QuickTransactionConcurrencies = [32, 128];

    private static readonly TransferSetting Main = new(string.Empty, Accounts: 64, Partners: 63, Gateway: true);
    private static readonly TransferSetting InSilo = Main with { Prefix = "inSilo", Gateway = false };
    private static readonly TransferSetting Wide = new("accounts1000", Accounts: 1000, Partners: 16, Gateway: true);

    public string Name => "durable-transfers";

    public IReadOnlyList<string> Metrics { get; } =
        ["transfersPerSecond", "orleansTransactionsPerSecond", "ratio", "grainCallsPerSecond", "ratioToGrainCalls"];

    public TimeSpan FullTime => TimeSpan.FromSeconds(205);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public async Task RunAsync(ScenarioRun run)
    {
        await MeasureAsync(run, Main);
        if (run.Quick) return;
        await MeasureAsync(run, InSilo);
        await MeasureAsync(run, Wide);
    }

    private static async Task MeasureAsync(ScenarioRun run, TransferSetting setting)
    {
        var partners = setting.Partners;
        run.Note($"{setting.Accounts} accounts, each pays {partners} others; "
            + $"callers {(setting.Gateway ? "at a TCP gateway" : "in the silo")}; "
            + $"transfers and empty calls with {Concurrency} in "
            + $"flight{(run.Quick ? string.Empty : $", and with {FewerInFlight}")}");
        await using var silo = await BenchmarkSilo.StartAsync(setting.Gateway, builder => builder.UseTransactions());
        var bank = await BenchmarkBank.OpenAsync(silo, "a", setting.Accounts, Deposit);
        var transactions = await TransactionalBank.OpenAsync(silo, "t", setting.Accounts, Deposit);
        var calls = new EmptyCalls(silo, setting.Accounts);

        Task<LoadSample> PayAsync(Func<long, Task<bool>> call, int concurrency, TimeSpan time) =>
            Rounds.RunAsync(call, concurrency, time, () => bank.DrainAsync(Rounds.MaxDrain));
        Task<LoadSample> TransfersAsync(TimeSpan time) => PayAsync(bank.Transfers(partners), Concurrency, time);
        Task<LoadSample> CallsAsync(int concurrency, TimeSpan time) =>
            Rounds.RunAsync(calls.CallAsync, concurrency, time);

        var warmUp = run.Choose(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1.5));
        await TransfersAsync(warmUp);
        await CallsAsync(Concurrency, warmUp / 2);
        await transactions.MeasureAsync(partners, QuickTransactionConcurrencies[0], warmUp / 2);
        var best = await transactions.FindConcurrencyAsync(
            run, partners, run.Choose(TransactionConcurrencies, QuickTransactionConcurrencies), warmUp / 3);

        using var counters = new SiloCounters();
        var counted = new TransferCounts(counters);
        var each = run.Choose(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(1.5));
        List<Func<Task<LoadSample>>> sides =
        [
            () => counted.AddAsync(() => TransfersAsync(each), bank),
            () => transactions.MeasureAsync(partners, best, each),
            () => CallsAsync(Concurrency, each),
        ];
        if (!run.Quick)
        {
            sides.Add(() => PayAsync(bank.Transfers(partners), FewerInFlight, each));
            sides.Add(() => CallsAsync(FewerInFlight, each));
            sides.Add(() => PayAsync(bank.TransfersInCallsOfTheirOwn(partners), FewerInFlight, each));
        }

        var samples = await Turns.RunAsync(run.Choose(full: 3, quick: 2), run.Time, [.. sides]);
        Tell(run, setting, samples);
        run.Note($"a transfer took {counted}");
        run.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"bytes allocated: {Allocated(samples[0]):0} per transfer, {Allocated(samples[1]):0} per transaction, "
                + $"{Allocated(samples[2]):0} per empty "
                + $"call; the garbage collector held transfers up for "
                + $"{Statistics.Median(samples[0].Select(sample => sample.PausePercent)):0.0} % of the time"));
        run.Note($"Orleans Transactions: {transactions.Aborts} of {transactions.Transactions} aborted and tried again");

        var snapshots = new BankSnapshots(silo, run);
        await snapshots.ProveAsync(await snapshots.TakeAsync(), bank.Money);
        if (await transactions.TryReadTotalAsync(Rounds.MaxDrain) is { } total && total != transactions.Money)
        {
            run.Fail($"Orleans Transactions hold {total} of {transactions.Money}");
        }
    }

    private static double Allocated(IEnumerable<LoadSample> samples) =>
        Statistics.Median(samples.Select(sample => sample.AllocatedBytes));

    private static void Tell(ScenarioRun run, TransferSetting setting, IReadOnlyList<IReadOnlyList<LoadSample>> samples)
    {
        double PerSecond(string name, int side) =>
            run.Measured(setting.NameOf($"{name}PerSecond"), samples[side].Select(sample => sample.PerSecond));
        void Cpu(string name, int side) =>
            run.Measured(
                setting.NameOf($"{name}CpuMicroseconds"), samples[side].Select(sample => sample.CpuMicroseconds));
        void P99(string name, int side) =>
            run.Measured(setting.NameOf($"{name}P99Ms"), samples[side].Select(sample => sample.P99Ms));
        void Ratio(string name, double one, double other) =>
            run.Computed(setting.NameOf(name), Statistics.Ratio(one, other));

        var transfers = PerSecond("transfers", 0);
        var transactions = PerSecond("orleansTransactions", 1);
        Ratio("ratio", transfers, transactions);
        Ratio("ratioToGrainCalls", transfers, PerSecond("grainCalls", 2));
        Cpu("transfer", 0);
        Cpu("orleansTransaction", 1);
        Cpu("grainCall", 2);
        P99("transfer", 0);
        P99("orleansTransaction", 1);
        P99("grainCall", 2);
        if (samples.Count == 3) return; // A quick run has no time for the others.
        var fewer = PerSecond("fewerInFlightTransfers", 3);
        Ratio("fewerInFlightRatio", fewer, transactions);
        Ratio("fewerInFlightRatioToGrainCalls", fewer, PerSecond("fewerInFlightGrainCalls", 4));
        Cpu("fewerInFlightTransfer", 3);
        Cpu("fewerInFlightGrainCall", 4);
        P99("fewerInFlightTransfer", 3);
        PerSecond("inCallsOfTheirOwnTransfers", 5);
        Cpu("inCallsOfTheirOwnTransfer", 5);
    }
}
