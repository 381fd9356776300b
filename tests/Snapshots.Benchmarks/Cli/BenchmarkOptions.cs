namespace Snapshots.Benchmarks;

/// <summary>What a run of the benchmarks does.</summary>
/// <param name="Scenarios">The names of the scenarios, in the order in which they run.</param>
/// <param name="Quick">Fewer and shorter rounds.</param>
/// <param name="Gateway">Whether callers are an Orleans client at a TCP gateway, and not the silo's own.</param>
/// <param name="JsonFile">Where the results go as JSON, if anywhere.</param>
/// <param name="MarkdownFile">Where the results go as a Markdown table, if anywhere.</param>
/// <param name="MicroFilter">
/// Runs the benchmarks of the core's hot paths that match it, and no scenario; none to run scenarios.
/// </param>
internal sealed record BenchmarkOptions(
    IReadOnlyList<string> Scenarios,
    bool Quick,
    bool Gateway,
    string? JsonFile,
    string? MarkdownFile,
    string? MicroFilter);
