using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>What the flight recorders of all processes take from their transfers.</summary>
internal sealed class FlightRecorderCost : IScenario
{
    private const int Events = 64;
    private const int Accounts = 64;
    private const int Partners = 63;
    private const int Concurrency = 4096;
    private const long Deposit = 1_000_000;

    public string Name => "flight-recorder";

    public IReadOnlyList<string> Metrics { get; } =
        ["offPerSecond", "onPerSecond", "lossPercent", "offCpuMicroseconds", "onCpuMicroseconds", "moreCpuPercent"];

    public TimeSpan FullTime => TimeSpan.FromSeconds(90);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(14);

    public async Task RunAsync(ScenarioRun run)
    {
        run.Note($"{Accounts} accounts that pay all others, {Concurrency} transfers in flight; with {Events} events, "
            + $"of at most {FlightRecorder.MaxCapacity}, for each account, and without");
        await using var off = await BenchmarkSilo.StartAsync(run.Gateway);
        await using var on = await BenchmarkSilo.StartAsync(
            run.Gateway, configureSnapshots: options => options.FlightRecorderEvents = Events);
        var banks = new[]
        {
            await BenchmarkBank.OpenAsync(off, "a", Accounts, Deposit),
            await BenchmarkBank.OpenAsync(on, "a", Accounts, Deposit),
        };
        var duration = run.Choose(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
        foreach (var bank in banks) await MeasureAsync(bank, duration);
        var samples = await Turns.RunAsync(
            run.Choose(full: 11, quick: 3),
            run.Time,
            [.. banks.Select(bank => (Func<Task<LoadSample>>)(() => MeasureAsync(bank, duration)))]);
        var (without, with) = (samples[0], samples[1]);
        run.Measured("offPerSecond", without.Select(sample => sample.PerSecond));
        run.Measured("onPerSecond", with.Select(sample => sample.PerSecond));
        run.Measured("lossPercent", without.Zip(with, (a, b) => Statistics.LossPercent(a.PerSecond, b.PerSecond)));
        run.Measured("offCpuMicroseconds", without.Select(sample => sample.CpuMicroseconds));
        run.Measured("onCpuMicroseconds", with.Select(sample => sample.CpuMicroseconds));
        run.Measured(
            "moreCpuPercent",
            without.Zip(with, (a, b) => -Statistics.LossPercent(a.CpuMicroseconds, b.CpuMicroseconds)));
    }

    private static Task<LoadSample> MeasureAsync(BenchmarkBank bank, TimeSpan duration) => Rounds.RunAsync(
        bank.Transfers(Partners), Concurrency, duration, () => bank.DrainAsync(Rounds.MaxDrain));
}
