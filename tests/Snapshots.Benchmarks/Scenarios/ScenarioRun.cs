using System.Globalization;

namespace Snapshots.Benchmarks;

/// <summary>
/// A scenario while it runs: what it may take, and what it has found so far. For one caller at a time.
/// </summary>
internal sealed class ScenarioRun(IScenario scenario, BenchmarkOptions options, TimeLimit whole, TextWriter log)
{
    private readonly List<Metric> _metrics = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _failures = [];
    private int _snapshotsTaken;
    private int _snapshotsProven;

    public bool Quick => options.Quick;

    public bool Gateway => options.Gateway;

    /// <summary>The scenario's own time: it decides how many rounds there are.</summary>
    public TimeLimit Time { get; } = new(Shorter(options.Quick ? scenario.QuickTime : scenario.FullTime, whole.Left));

    /// <summary>The time of the whole run: when it is over, nothing more is begun.</summary>
    public TimeLimit Whole { get; } = whole;

    /// <summary>How long one snapshot may take: what is left of the whole run, within reason.</summary>
    public TimeSpan SnapshotTimeout => TimeSpan.FromSeconds(Math.Clamp(Whole.Left.TotalSeconds, 20, 180));

    /// <summary>One of two, by how much time there is.</summary>
    public T Choose<T>(T full, T quick) => Quick ? quick : full;

    /// <summary>A figure: the median of what the rounds gave. Returns it.</summary>
    public double Measured(string name, IEnumerable<double> samples)
    {
        var all = samples.ToList();
        return Add(new Metric(name, Statistics.Median(all), all));
    }

    /// <summary>A figure that was computed or counted. Returns it.</summary>
    public double Computed(string name, double value) => Add(new Metric(name, value, []));

    /// <summary>Something that the figures do not say.</summary>
    public void Note(string text)
    {
        _notes.Add(text);
        Say(text);
    }

    /// <summary>Something broke; the run fails.</summary>
    public void Fail(string text)
    {
        _failures.Add(text);
        Say($"FAILED: {text}");
    }

    public void Say(string text) =>
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  [{Time.Elapsed.TotalSeconds,5:0.0} s] {text}"));

    /// <summary>One more snapshot was begun.</summary>
    public void SnapshotTaken() => _snapshotsTaken++;

    /// <summary>One more snapshot was read back and proven.</summary>
    public void SnapshotProven() => _snapshotsProven++;

    /// <summary>Says which of the scenario's metrics were not reached.</summary>
    public void NoteMissing()
    {
        var missing = scenario.Metrics.Except(_metrics.Select(metric => metric.Name)).ToList();
        if (missing.Count > 0) Note($"not reached: {string.Join(", ", missing)}");
    }

    public ScenarioResult ToResult() =>
        new(scenario.Name, [.. _metrics], [.. _notes], _snapshotsTaken, _snapshotsProven, [.. _failures], Time.Elapsed);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private double Add(Metric metric)
    {
        _metrics.Add(metric);
        Say($"{metric.Name} {MarkdownReport.Number(metric.Value)}");
        return metric.Value;
    }
}
