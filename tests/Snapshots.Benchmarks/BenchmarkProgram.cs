using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Snapshots.Benchmarks;

/// <summary>Runs scenarios one after another and tells what they found.</summary>
internal static class BenchmarkProgram
{
    private static readonly TimeSpan FullTime = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan QuickTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FullWarmUp = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan QuickWarmUp = TimeSpan.FromSeconds(5);

    /// <summary>Returns the exit code: 0 if every snapshot was proven and nothing broke, else 1.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options, TextWriter output)
    {
        var whole = new TimeLimit(options.Quick ? QuickTime : FullTime);
        var machine = MachineFacts.Gather();
        await output.WriteLineAsync("warm-up");
        await WarmUp.RunAsync(options.Gateway, options.Quick ? QuickWarmUp : FullWarmUp);
        var results = new List<ScenarioResult>();
        foreach (var name in options.Scenarios)
        {
            await output.WriteLineAsync(name);
            results.Add(await RunAsync(AllScenarios.Find(name), options, whole, output));

            // What a scenario leaves behind is not to be collected while the next one is measured.
            GC.Collect();
        }

        var page = MarkdownReport.Write(machine, options, results);
        await output.WriteLineAsync();
        await output.WriteLineAsync(page);
        if (options.MarkdownFile is { } markdown) await MarkdownFile.WriteAsync(markdown, page);
        if (options.JsonFile is { } json)
            await File.WriteAllBytesAsync(json, JsonReport.Write(machine, options, results));
        var failures = results.Where(result => !result.Holds).Select(result => result.Name).ToList();
        await output.WriteLineAsync(failures.Count == 0
            ? string.Create(
                CultureInfo.InvariantCulture, $"every snapshot proven: {results.Sum(result => result.SnapshotsProven)}")
            : $"failed: {string.Join(", ", failures)}");
        return failures.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs one scenario; also one that breaks gives a result.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A scenario that breaks is told of, and the next one runs.")]
    public static async Task<ScenarioResult> RunAsync(
        IScenario scenario, BenchmarkOptions options, TimeLimit whole, TextWriter output)
    {
        var run = new ScenarioRun(scenario, options, whole, output);
        try
        {
            if (whole.IsOver) run.Note("no time was left for it");
            else await scenario.RunAsync(run);
        }
        catch (Exception exception)
        {
            run.Fail($"{exception.GetType().Name}: {exception.Message}");
        }

        run.NoteMissing();
        return run.ToResult();
    }
}
