using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>
/// How long a snapshot takes by the number of channels, while nothing else goes on, with a marker on every channel.
/// </summary>
/// <param name="graphs">The shapes, <c>complete</c> or <c>ring</c>, and the numbers of processes.</param>
internal sealed class SnapshotLatency(IReadOnlyList<(string Shape, int Size)> graphs) : IScenario
{
    /// <summary>Channels from which on a graph is large.</summary>
    private const int Large = 20_000;

    /// <summary>Largest last: they are the ones that a slow machine may have no time for.</summary>
    public static IReadOnlyList<(string Shape, int Size)> AllGraphs { get; } =
    [
        ("complete", 10),
        ("complete", 30),
        ("complete", 100),
        ("ring", 100),
        ("ring", 1000),
        ("ring", 10_000),
        ("complete", 300),
    ];

    private static readonly string[] Figures = ["DurationMs", "Markers", "MicrosecondsPerMarker"];

    public string Name => "snapshot-latency";

    public IReadOnlyList<string> Metrics { get; } =
        [.. graphs.SelectMany(graph => Figures.Select(figure => $"{graph.Shape}{graph.Size}{figure}"))];

    public TimeSpan FullTime => TimeSpan.FromSeconds(110);

    public TimeSpan QuickTime => TimeSpan.FromSeconds(20);

    public async Task RunAsync(ScenarioRun run)
    {
        run.Note("each channel was opened by one transfer, in pairs: a ring of n has 2n channels; the first snapshot "
            + "of each graph is a warm-up, except for the largest with --quick, which are measured with one snapshot");
        foreach (var (shape, size) in graphs)
        {
            if (run.Whole.IsOver) run.Note($"no time was left for {shape}{size}");
            else await MeasureAsync(run, shape, size);
        }
    }

    private static async Task MeasureAsync(ScenarioRun run, string shape, int size)
    {
        // A snapshot takes in every process of the directory: so each graph has a silo of its own.
        await using var silo = await BenchmarkSilo.StartAsync(
            run.Gateway, configureSnapshots: options => options.Markers = MarkerPolicy.EveryChannel);
        var bank = await BenchmarkBank.OpenAsync(silo, "a", size, deposit: size);
        await bank.PayAsync(shape == "ring" ? Ring(size) : Complete(size));
        await bank.DrainAsync(Rounds.MaxDrain);

        var expected = shape == "ring" ? 2 * size : size * (size - 1);
        var snapshots = new BankSnapshots(silo, run);
        var durations = new List<double>();
        var longest = TimeSpan.Zero;
        var warmUps = run.Quick && expected >= Large ? 0 : 1;
        var rounds = run.Choose(full: 5, quick: 3);
        for (var round = 0; round < warmUps + rounds && (durations.Count == 0 || run.Time.Left > longest); round++)
        {
            var startedAt = run.Time.Elapsed;
            var snapshot = await snapshots.TakeAsync();
            if (await snapshots.ProveAsync(snapshot, bank.Money) is not { } figures) return;
            if (figures.MarkerCount != expected)
                run.Fail($"{shape}{size} took {figures.MarkerCount} markers, not {expected}");
            if (round >= warmUps) durations.Add(snapshot.DurationMs);
            var took = run.Time.Elapsed - startedAt;
            if (took > longest) longest = took;
        }

        var durationMs = run.Measured($"{shape}{size}DurationMs", durations);
        run.Computed($"{shape}{size}Markers", expected);
        run.Computed($"{shape}{size}MicrosecondsPerMarker", 1000 * durationMs / expected);
    }

    private static List<(int From, int To)> Ring(int size) =>
        [.. Enumerable.Range(0, size).Select(index => (index, (index + 1) % size))];

    private static List<(int From, int To)> Complete(int size) =>
        [.. Enumerable.Range(0, size)
            .SelectMany(from => Enumerable.Range(from + 1, size - from - 1).Select(to => (from, to)))];
}
