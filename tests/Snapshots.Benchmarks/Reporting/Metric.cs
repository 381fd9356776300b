namespace Snapshots.Benchmarks;

/// <summary>One figure.</summary>
/// <param name="Name">Its name, unit last.</param>
/// <param name="Value">The median of the samples, or what was computed from medians.</param>
/// <param name="Samples">One per round; none for a computed figure.</param>
internal sealed record Metric(string Name, double Value, IReadOnlyList<double> Samples);
