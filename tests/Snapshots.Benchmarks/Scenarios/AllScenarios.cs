namespace Snapshots.Benchmarks;

/// <summary>The scenarios, in the order in which they run.</summary>
internal static class AllScenarios
{
    public static IReadOnlyList<IScenario> List { get; } =
    [
        new DurableTransfers(),
        new StreamCeiling(),
        new SnapshotOverhead(),
        new SnapshotLatency(SnapshotLatency.AllGraphs),
        new Audit(),
        new Hub(),
        new Scale(),
    ];

    /// <summary>Those that run only when they are named: a whole run has no time for them.</summary>
    public static IReadOnlyList<IScenario> OnlyByName { get; } = [new FlightRecorderCost(), new AtRest()];

    public static IReadOnlyList<string> Names { get; } = [.. List.Select(scenario => scenario.Name)];

    public static IScenario Find(string name) => List.Concat(OnlyByName).Single(scenario => scenario.Name == name);
}
