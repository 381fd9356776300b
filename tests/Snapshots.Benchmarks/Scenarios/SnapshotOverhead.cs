namespace Snapshots.Benchmarks;

/// <summary>What snapshots take from transfers that go on: none, one every 5 seconds, every second, one after the other.</summary>
internal sealed class SnapshotOverhead : IScenario
{
    private const int Accounts = 64;
    private const int Partners = 63;
    private const int Concurrency = 1024;
    private const long Deposit = 1_000_000;

    /// <summary>In the order of the metrics; the first is the baseline. None takes no snapshot, zero one after the other.</summary>
    private static readonly (string Name, TimeSpan? Period)[] Modes =
    [
        ("baseline", null),
        ("every5s", TimeSpan.FromSeconds(5)),
        ("every1s", TimeSpan.FromSeconds(1)),
        ("backToBack", TimeSpan.Zero),
    ];

    public string Name => "snapshot-overhead";

    public IReadOnlyList<string> Metrics { get; } =
    [
        "baselinePerSecond", .. Modes.Skip(1).Select(mode => $"{mode.Name}LossPercent"), .. Modes.Select(mode => $"{mode.Name}P99Ms"),
    ];

    public TimeSpan FullTime => TimeSpan.FromSeconds(135);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(26);

    public async Task RunAsync(ScenarioRun run)
    {
        await using var silo = await BenchmarkSilo.StartAsync(run.Gateway);
        var bank = await BenchmarkBank.OpenAsync(silo, "a", Accounts, Deposit);
        var snapshots = new BankSnapshots(silo, run);
        var each = run.Choose(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
        var taken = Modes.ToDictionary(mode => mode.Name, _ => 0);
        await Rounds.RunAsync(bank.Transfers(Partners), Concurrency, each / 2, () => bank.DrainAsync(Rounds.MaxDrain));
        var samples = await Turns.RunAsync(run.Choose(3, 1), run.Time, [.. Modes.Select(mode => (Func<Task<LoadSample>>)(async () =>
        {
            var (sample, count) = await MeasureAsync(bank, snapshots, each, mode.Period);
            taken[mode.Name] += count;
            return sample;
        }))]);

        var baseline = run.Measured("baselinePerSecond", samples[0].Select(sample => sample.PerSecond));
        for (var mode = 1; mode < Modes.Length; mode++)
        {
            // Each round is compared with its own baseline: the machine changes from round to round more than within one.
            run.Measured(
                $"{Modes[mode].Name}LossPercent",
                samples[mode].Zip(samples[0], (sample, same) => Statistics.LossPercent(same.PerSecond, sample.PerSecond)));
        }

        for (var mode = 0; mode < Modes.Length; mode++)
        {
            run.Measured($"{Modes[mode].Name}P99Ms", samples[mode].Select(sample => sample.P99Ms));
        }

        var channels = (await snapshots.ProveAsync(await snapshots.TakeAsync(), bank.Money))?.ChannelCount;
        run.Note($"{Accounts} accounts with {channels} channels, {Concurrency} transfers in flight, rounds of {each.TotalSeconds} s; snapshots "
            + string.Join(", ", Modes.Skip(1).Select(mode => $"{mode.Name}: {taken[mode.Name]}")) + $" in {samples[0].Count} rounds");
        if (baseline == 0) run.Fail("no transfer was made");
    }

    /// <summary>A round. Its snapshots are read and proven when it is over, since that is work of whoever reads them.</summary>
    private static async Task<(LoadSample Sample, int Snapshots)> MeasureAsync(
        BenchmarkBank bank, BankSnapshots snapshots, TimeSpan duration, TimeSpan? period)
    {
        var load = new RunningLoad(bank.Transfers(Partners));
        var time = new TimeLimit(duration);
        var effort = new Effort();
        load.Start(Concurrency);
        var taken = period is { } every ? await TakeAsync(snapshots, time, every) : [];
        if (!time.IsOver) await Task.Delay(time.Left);
        await load.StopAsync();
        await bank.DrainAsync(Rounds.MaxDrain);
        var sample = effort.Of(load, load.Done);
        Rounds.RequireSound(load);
        foreach (var snapshot in taken) await snapshots.ProveAsync(snapshot, bank.Money);
        return (sample, taken.Count);
    }

    /// <summary>The first after half a period, so that a round has as many as fit into it; one that comes too late for its time, at once.</summary>
    private static async Task<List<TakenSnapshot>> TakeAsync(BankSnapshots snapshots, TimeLimit time, TimeSpan period)
    {
        var taken = new List<TakenSnapshot>();
        for (var due = period / 2; due < time.Elapsed + time.Left && !time.IsOver; due += period)
        {
            if (due > time.Elapsed) await Task.Delay(due - time.Elapsed);
            taken.Add(await snapshots.TakeAsync());
        }

        return taken;
    }
}
