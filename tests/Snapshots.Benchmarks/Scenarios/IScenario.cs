namespace Snapshots.Benchmarks;

/// <summary>One comparison.</summary>
internal interface IScenario
{
    /// <summary>By which it is asked for and told of.</summary>
    string Name { get; }

    /// <summary>
    /// The metrics that it always tells, but for those that it says it could not reach; there may be more.
    /// </summary>
    IReadOnlyList<string> Metrics { get; }

    /// <summary>How long a full run may take.</summary>
    TimeSpan FullTime { get; }

    /// <summary>How long a quick run may take.</summary>
    TimeSpan QuickTime { get; }

    /// <summary>Measures. What it could not reach it says in a note; what broke, in a failure.</summary>
    Task RunAsync(ScenarioRun run);
}
