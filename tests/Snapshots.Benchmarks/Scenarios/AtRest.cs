using System.Diagnostics;

namespace Snapshots.Benchmarks;

/// <summary>What a snapshot costs when most accounts rest: it is to cost what is active, not what exists.</summary>
internal sealed class AtRest : IScenario
{
    /// <summary>The accounts that pay while others rest.</summary>
    private const int Busy = 1000;

    private const int Partners = 8;
    private const int Concurrency = 1024;
    private const long Deposit = 1_000_000;
    private const int QuickMax = 10_000;
    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000];
    private static readonly TimeSpan RestAfter = TimeSpan.FromSeconds(2);

    /// <summary>Where they are active and no more: so often each of them pays.</summary>
    private static readonly TimeSpan PayEvery = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaxRest = TimeSpan.FromMinutes(20);

    private static readonly string[] Figures =
    [
        "SecondsToRest",
        "SnapshotMs",
        "Awoken",
        "WritesPerSnapshot",
        "WithActiveSnapshotMs",
        "WithBusySnapshotMs",
        "WithBusyAwoken",
    ];

    public string Name => "rest";

    public IReadOnlyList<string> Metrics { get; } =
        [.. Sizes.SelectMany(size => Figures.Select(figure => $"accounts{size}{figure}"))];

    public TimeSpan FullTime => TimeSpan.FromMinutes(40);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(40);

    public async Task RunAsync(ScenarioRun run)
    {
        run.Note($"accounts rest after {RestAfter.TotalSeconds} s; SecondsToRest: from the last opening until all rest; "
            + "SnapshotMs: all rest; Awoken: processes that a snapshot has woken; WritesPerSnapshot: of processes; "
            + $"WithActive: {Busy} of them pay {Partners} others, one transfer of each every {PayEvery.TotalSeconds} s; "
            + $"WithBusy: as fast as the machine can, {Concurrency} transfers in flight");
        foreach (var size in Sizes)
        {
            if (run.Quick && size > QuickMax) run.Note($"--quick: {size} accounts are not measured");
            else if (run.Whole.IsOver) run.Note($"no time was left for {size} accounts");
            else await MeasureAsync(run, size);
        }
    }

    private static async Task MeasureAsync(ScenarioRun run, int size)
    {
        using var counters = new SiloCounters();
        await using var silo = await BenchmarkSilo.StartAsync(run.Gateway, configureSnapshots: options =>
            (options.RestAfter, options.RestBeforeListingEnds) = (RestAfter, RestAfter / 2));
        var busy = await BenchmarkBank.OpenAsync(silo, "busy", Busy, Deposit);
        var idle = await BenchmarkBank.OpenAsync(silo, "idle", size - Busy, Deposit);
        var startedAt = Stopwatch.GetTimestamp();
        if (!await RestAsync(counters, size))
        {
            run.Fail($"{size - counters.Rests + counters.Awakenings} of {size} accounts do not rest after {MaxRest}");
            return;
        }

        run.Computed($"accounts{size}SecondsToRest", Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        var snapshots = new BankSnapshots(silo, run);
        async Task<double> SnapshotAsync()
        {
            var snapshot = await snapshots.TakeAsync();
            await snapshots.ProveAsync(snapshot, busy.Money + idle.Money);
            return snapshot.DurationMs;
        }

        await SnapshotAsync(); // The first one compiles.
        var (awoken, writes, taken) = (counters.Awakenings, counters.Commits, run.Choose(full: 5, quick: 2));
        var samples = await Turns.RunAsync(taken, run.Time, SnapshotAsync);
        run.Measured($"accounts{size}SnapshotMs", samples[0]);
        run.Computed($"accounts{size}Awoken", counters.Awakenings - awoken);
        run.Computed($"accounts{size}WritesPerSnapshot", (counters.Commits - writes) / (double)samples[0].Count);

        var transfer = busy.Transfers(Partners);
        async Task<(IReadOnlyList<double> Samples, long Awoken)> WhilePayingAsync(Func<long, Task<bool>> call, int concurrency)
        {
            var load = new RunningLoad(call);
            load.Start(concurrency);
            await Task.Delay(RestAfter);
            var before = counters.Awakenings;
            var measured = await Turns.RunAsync(taken, run.Time, SnapshotAsync);
            var woken = counters.Awakenings - before;
            await load.StopAsync();
            await busy.DrainAsync(Rounds.MaxDrain);
            return (measured[0], woken);
        }

        async Task<bool> PayAndWaitAsync(long number)
        {
            if (number < Busy) await Task.Delay(PayEvery * number / Busy); // Else all pay at the same moments.
            var hasPaid = await transfer(number);
            await Task.Delay(PayEvery);
            return hasPaid;
        }

        run.Measured($"accounts{size}WithActiveSnapshotMs", (await WhilePayingAsync(PayAndWaitAsync, Busy)).Samples);
        var whileBusy = await WhilePayingAsync(transfer, Concurrency);
        run.Measured($"accounts{size}WithBusySnapshotMs", whileBusy.Samples);
        run.Computed($"accounts{size}WithBusyAwoken", whileBusy.Awoken);
    }

    private static async Task<bool> RestAsync(SiloCounters counters, int size)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (counters.Rests - counters.Awakenings < size)
        {
            if (Stopwatch.GetElapsedTime(startedAt) > MaxRest) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        return true;
    }
}
