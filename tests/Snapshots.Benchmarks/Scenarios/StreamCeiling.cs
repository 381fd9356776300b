using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Snapshots.Benchmarks;

/// <summary>
/// Transfers that are stored in memory only, against the events that the stream itself carries in batches.
/// </summary>
internal sealed class StreamCeiling : IScenario
{
    private const string MemoryStorage = "memory";
    private const int Accounts = 64;
    private const int Partners = 63;
    private const int Concurrency = 4096;
    private const long Deposit = 1_000_000;

    public string Name => "stream-ceiling";

    public IReadOnlyList<string> Metrics { get; } =
        ["streamEventsPerSecond", "transfersPerSecond", "ratio"];

    public TimeSpan FullTime => TimeSpan.FromSeconds(36);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(11);

    public async Task RunAsync(ScenarioRun run)
    {
        run.Note($"{Accounts} streams and {Accounts} accounts, each of which pays {Partners} others; "
            + $"transfers with {Concurrency} in flight; "
            + "one stream event beside one transfer, which needs a frame, an acknowledgement and two commits");
        await using var silo = await BenchmarkSilo.StartAsync(
            run.Gateway,
            builder =>
            {
                builder.Services.AddKeyedSingleton<IGrainStorage, MemoryRows>(MemoryStorage);
                builder.Services.AddSingleton<StreamTally>();
            },
            options => options.StorageName = MemoryStorage);
        var bank = await BenchmarkBank.OpenAsync(silo, "a", Accounts, Deposit);
        var stream = new BareStream(silo, Accounts);
        async Task<double> TransfersAsync(TimeSpan time) => (await Rounds.RunAsync(
            bank.Transfers(Partners), Concurrency, time, () => bank.DrainAsync(Rounds.MaxDrain))).PerSecond;

        var each = run.Choose(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1.2));
        await stream.MeasureAsync(each);
        await TransfersAsync(each);
        var samples = await Turns.RunAsync(
            run.Choose(5, 2), run.Time, () => stream.MeasureAsync(each), () => TransfersAsync(each));
        var events = run.Measured("streamEventsPerSecond", samples[0]);
        var transfers = run.Measured("transfersPerSecond", samples[1]);
        run.Computed("ratio", Statistics.Ratio(transfers, events));

        var snapshots = new BankSnapshots(silo, run);
        await snapshots.ProveAsync(await snapshots.TakeAsync(), bank.Money);
    }
}
