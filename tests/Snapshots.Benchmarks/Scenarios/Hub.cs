namespace Snapshots.Benchmarks;

/// <summary>What a transfer costs at an account by the number of its channels.</summary>
internal sealed class Hub : IScenario
{
    /// <summary>Transfers of one hub in flight.</summary>
    private const int Concurrency = 256;

    /// <summary>
    /// The channels that are in use: the same number at each hub, so that only those that lie idle differ.
    /// </summary>
    private const int Busy = 10;

    /// <summary>More than the hub can pay in all rounds, however fast the machine is.</summary>
    private const long Deposit = 1_000_000_000;
    private static readonly int[] Sizes = [10, 1000, 10_000];

    public string Name => "hub";

    public IReadOnlyList<string> Metrics { get; } =
        [.. Sizes.Select((_, hub) => NameOf(hub, string.Empty))];

    public TimeSpan FullTime => TimeSpan.FromSeconds(60);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(14);

    public async Task RunAsync(ScenarioRun run)
    {
        run.Note($"a channel here is a pair, to a stranger and back; "
            + $"{Busy} of a hub's channels carry its transfers, {Concurrency} in flight, the "
            + "others were used once; …Spread…: all of them carry transfers, at random");
        await using var silo = await BenchmarkSilo.StartAsync(run.Gateway);
        var hubs = new List<BenchmarkBank>();
        foreach (var size in Sizes)
        {
            // Account 0 is the hub.
            var bank = await BenchmarkBank.OpenAsync(silo, $"h{size}-", size + 1, Deposit);
            await bank.PayAsync([.. Enumerable.Range(1, size).Select(stranger => (0, stranger))]);
            await bank.DrainAsync(Rounds.MaxDrain);
            hubs.Add(bank);
        }

        var each = run.Choose(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.7));
        foreach (var bank in hubs) await MeasureAsync(bank, Busy, each);
        var sides = hubs.Select(bank => (Func<Task<double>>)(() => MeasureAsync(bank, Busy, each)))
            .Concat(hubs.Skip(1).Select(bank => (Func<Task<double>>)(() => MeasureAsync(bank, bank.Count - 1, each))));
        var samples = await Turns.RunAsync(run.Choose(full: 5, quick: 2), run.Time, [.. sides]);
        var few = run.Measured(NameOf(0, string.Empty), samples[0]);
        for (var hub = 1; hub < Sizes.Length; hub++)
        {
            var many = run.Measured(NameOf(hub, string.Empty), samples[hub]);
            run.Computed($"channels{Sizes[hub]}Ratio", Statistics.Ratio(many, few));
            run.Measured(NameOf(hub, "Spread"), samples[Sizes.Length + hub - 1]);
        }
    }

    private static string NameOf(int hub, string kind) => $"channels{Sizes[hub]}{kind}MicrosecondsPerTransfer";

    /// <summary>
    /// Microseconds per transfer. To see that all have arrived takes many calls; its time does not count.
    /// </summary>
    private static async Task<double> MeasureAsync(BenchmarkBank bank, int targets, TimeSpan duration)
    {
        var load = new RunningLoad(number => bank.PayAsync(0, 1 + Scatter(number, targets), 1));
        var effort = new Effort();
        load.Start(Concurrency);
        await Task.Delay(duration);
        await load.StopAsync();
        var sample = effort.Of(load, load.Done);
        await bank.DrainAsync(Rounds.MaxDrain);
        Rounds.RequireSound(load);
        return 1e6 / sample.PerSecond;
    }

    /// <summary>Jumps about, by the golden ratio, so that neighbours in time are no neighbours in the record.</summary>
    private static int Scatter(long number, int targets) =>
        (int)(unchecked((ulong)number * 0x9E3779B97F4A7C15) % (ulong)targets);
}
