namespace Snapshots.Benchmarks;

/// <summary>What many accounts cost when most of them are idle.</summary>
internal sealed class Scale : IScenario
{
    /// <summary>The accounts that pay; all others were opened and do nothing.</summary>
    private const int Busy = 1000;
    private const int Partners = 8;
    private const int Concurrency = 1024;
    private const long Deposit = 1_000_000;
    private const int QuickMax = 10_000;
    private static readonly int[] Sizes = [1000, 10_000, 100_000];

    private static readonly string[] Figures = ["BytesPerAccount", "SnapshotMs", "TransfersPerSecond"];

    public string Name => "scale";

    public IReadOnlyList<string> Metrics { get; } =
        [.. Sizes.SelectMany(size => Figures.Select(figure => $"accounts{size}{figure}"))];

    public TimeSpan FullTime => TimeSpan.FromSeconds(150);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(14);

    public async Task RunAsync(ScenarioRun run)
    {
        run.Note($"{Busy} accounts pay {Partners} others each, {Concurrency} transfers in flight; "
            + "all others are open and idle. Bytes per "
            + "account: growth of the managed heap, all accounts active, after a full collection; …StoredBytes…: "
            + "files of the database");
        foreach (var size in Sizes)
        {
            if (run.Quick && size > QuickMax) run.Note($"--quick: {size} accounts are not measured");
            else if (run.Whole.IsOver) run.Note($"no time was left for {size} accounts");
            else await MeasureAsync(run, size);
        }
    }

    private static async Task MeasureAsync(ScenarioRun run, int size)
    {
        await using var silo = await BenchmarkSilo.StartAsync(run.Gateway);
        var (heapBefore, storedBefore) = (SettledHeap(), silo.StoredBytes);
        var busy = await BenchmarkBank.OpenAsync(silo, "busy", Busy, Deposit);
        var idle = await BenchmarkBank.OpenAsync(silo, "idle", size - Busy, Deposit);
        run.Computed($"accounts{size}BytesPerAccount", (SettledHeap() - heapBefore) / (double)size);
        run.Computed($"accounts{size}StoredBytesPerAccount", (silo.StoredBytes - storedBefore) / (double)size);

        async Task<double> TransfersAsync() => (await Rounds.RunAsync(
            busy.Transfers(Partners),
            Concurrency,
            run.Choose(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)),
            () => busy.DrainAsync(Rounds.MaxDrain))).PerSecond;
        await TransfersAsync();
        var snapshots = new BankSnapshots(silo, run);
        var money = busy.Money + idle.Money;
        async Task<double> SnapshotAsync()
        {
            var snapshot = await snapshots.TakeAsync();
            await snapshots.ProveAsync(snapshot, money);
            return snapshot.DurationMs;
        }

        var samples = await Turns.RunAsync(run.Choose(full: 3, quick: 1), run.Time, TransfersAsync, SnapshotAsync);
        run.Measured($"accounts{size}SnapshotMs", samples[1]);
        run.Measured($"accounts{size}TransfersPerSecond", samples[0]);
    }

    /// <summary>Twice, since what the silo of the scenario before has left is let go by finalizers.</summary>
    private static long SettledHeap()
    {
        GC.GetTotalMemory(forceFullCollection: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
