namespace Snapshots.Benchmarks;

/// <summary>
/// What snapshots take from transfers that go on: none, one every 5 seconds, every second, one after the other.
/// </summary>
/// <remarks>
/// The load never stops: it is looked at in windows, one with snapshots between two without, again and again, and each
/// is compared with the two beside it. The machine's own changes are larger than what is measured, and slower than a
/// window.
/// </remarks>
internal sealed class SnapshotOverhead : IScenario
{
    private const int Accounts = 64;
    private const int Partners = 63;
    private const int Concurrency = 1024;
    private const long Deposit = 1_000_000;

    /// <summary>In the order of the metrics. A period of zero: one after the other.</summary>
    private static readonly Mode[] Modes =
    [
        new(
            "every5s",
            Period: TimeSpan.FromSeconds(5),
            Window: TimeSpan.FromSeconds(5),
            QuickWindow: TimeSpan.FromSeconds(5)),
        new(
            "every1s",
            Period: TimeSpan.FromSeconds(1),
            Window: TimeSpan.FromSeconds(5),
            QuickWindow: TimeSpan.FromSeconds(3)),
        new(
            "backToBack",
            Period: TimeSpan.Zero,
            Window: TimeSpan.FromSeconds(2.5),
            QuickWindow: TimeSpan.FromSeconds(1.5)),
    ];

    public string Name => "snapshot-overhead";

    public IReadOnlyList<string> Metrics { get; } =
    [
        "baselinePerSecond",
        .. Modes.Select(mode => $"{mode.Name}LossPercent"),
        "baselineCpuMicroseconds",
        .. Modes.Select(mode => $"{mode.Name}MoreCpuPercent"),
        "baselineP99Ms",
        .. Modes.Select(mode => $"{mode.Name}P99Ms"),
    ];

    public TimeSpan FullTime => TimeSpan.FromSeconds(215);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public async Task RunAsync(ScenarioRun run)
    {
        await using var silo = await BenchmarkSilo.StartAsync(run.Gateway);
        var bank = await BenchmarkBank.OpenAsync(silo, "a", Accounts, Deposit);
        var snapshots = new BankSnapshots(silo, run);
        var load = new RunningLoad(bank.Transfers(Partners));
        load.Start(Concurrency);
        await Task.Delay(run.Choose(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2)));

        // Else the first windows would measure the compiler, which takes a fifth of the processor while snapshots are
        // new to it.
        var warmUp = new List<TakenSnapshot>();
        await TakeAsync(snapshots, Modes[^1], run.Choose(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(2)), warmUp);

        var baseline = run.Choose(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(1.5));
        var taken = Modes.ToDictionary(mode => mode, _ => new List<TakenSnapshot>());
        var baselines = new List<LoadSample> { await MeasureAsync(load, () => Task.Delay(baseline)) };
        var windows = await Turns
            .RunAsync(run.Choose(9, 1), run.Time, [.. Modes.Select(mode => (Func<Task<ComparedWindow>>)(async () =>
        {
            var before = taken[mode].Count;
            var sample = await MeasureAsync(
                load, () => TakeAsync(snapshots, mode, run.Choose(mode.Window, mode.QuickWindow), taken[mode]));
            baselines.Add(await MeasureAsync(load, () => Task.Delay(baseline)));
            return new ComparedWindow(sample, baselines[^2], baselines[^1], taken[mode].Count - before);
        }))]);

        await load.StopAsync();
        await bank.DrainAsync(Rounds.MaxDrain);
        Rounds.RequireSound(load);
        Report(run, baselines, windows);

        // Not before: reading and proving is not part of taking a snapshot.
        foreach (var snapshot in taken.Values.Append(warmUp).SelectMany(list => list))
            await snapshots.ProveAsync(snapshot, bank.Money);
        var channels = (await snapshots.ProveAsync(await snapshots.TakeAsync(), bank.Money))?.ChannelCount;
        run.Note($"{Accounts} accounts with {channels} channels, "
            + $"{Concurrency} transfers in flight without a break; snapshots "
            + string.Join(", ", Modes
                .Select(mode => $"{mode.Name}: {taken[mode].Count}")) + $" in {windows[0].Count} windows each");
    }

    private static void Report(
        ScenarioRun run, List<LoadSample> baselines, IReadOnlyList<IReadOnlyList<ComparedWindow>> windows)
    {
        if (run.Measured("baselinePerSecond", baselines.Select(sample => sample.PerSecond)) == 0)
            run.Fail("no transfer was made");
        for (var mode = 0; mode < Modes.Length; mode++)
            run.Measured($"{Modes[mode].Name}LossPercent", windows[mode].Select(window => window.LossPercent));
        run.Measured("baselineCpuMicroseconds", baselines.Select(sample => sample.CpuMicroseconds));
        for (var mode = 0; mode < Modes.Length; mode++)
            run.Measured($"{Modes[mode].Name}MoreCpuPercent", windows[mode].Select(window => window.MoreCpuPercent));
        run.Measured($"{Modes[^1].Name}SnapshotCpuMs", windows[^1].Select(window => window.SnapshotCpuMs));
        run.Measured("baselineP99Ms", baselines.Select(sample => sample.P99Ms));
        for (var mode = 0; mode < Modes.Length; mode++)
            run.Measured($"{Modes[mode].Name}P99Ms", windows[mode].Select(window => window.Sample.P99Ms));
    }

    private static async Task<LoadSample> MeasureAsync(RunningLoad load, Func<Task> window)
    {
        load.RestartLatency();
        var effort = new Effort();
        var before = load.Done;
        await window();
        return effort.Of(load, load.Done - before);
    }

    /// <summary>
    /// The first comes at once, and the window is over when the last has ended: none costs the window after it
    /// anything.
    /// </summary>
    private static async Task TakeAsync(BankSnapshots snapshots, Mode mode, TimeSpan window, List<TakenSnapshot> taken)
    {
        var time = new TimeLimit(window);
        for (var due = TimeSpan.Zero; due < window && !time.IsOver; due += mode.Period)
        {
            if (due > time.Elapsed) await Task.Delay(due - time.Elapsed);
            taken.Add(await snapshots.TakeAsync());
        }

        if (!time.IsOver) await Task.Delay(time.Left);
    }

    private sealed record Mode(string Name, TimeSpan Period, TimeSpan Window, TimeSpan QuickWindow);
}
