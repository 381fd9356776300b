using System.Globalization;
using System.Text;

namespace Snapshots.Benchmarks;

/// <summary>The results as tables that stand in a document.</summary>
internal static class MarkdownReport
{
    public static string Write(MachineFacts machine, BenchmarkOptions options, IEnumerable<ScenarioResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine(Describe(machine, options)).AppendLine();
        foreach (var result in results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"### {result.Name}").AppendLine();
            text.AppendLine("| metric | value | rounds: lowest … highest |").AppendLine("| --- | ---: | --- |");
            foreach (var metric in result.Metrics)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {Number(metric.Value)} | {Range(metric)} |");
            }

            text.AppendLine();
            foreach (var note in result.Notes) text.AppendLine(CultureInfo.InvariantCulture, $"- {note}");
            text.AppendLine(CultureInfo.InvariantCulture, $"- {Snapshots(result)}{result.Elapsed.TotalSeconds:0} s in all");
            foreach (var failure in result.Failures) text.AppendLine(CultureInfo.InvariantCulture, $"- **failed:** {failure}");
            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>Three significant digits, or all before the point; groups are set apart.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private static string Describe(MachineFacts machine, BenchmarkOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Measured {machine.Date:yyyy-MM-dd HH:mm} UTC{(options.Quick ? ", with --quick" : string.Empty)}, callers {(options.Gateway ? "at a TCP gateway" : "in the silo, but where another place is named")}; commit {(machine.Commit.Length > 0 ? machine.Commit : "unknown")}.
        {machine.Cores} cores ({machine.Processor}), {machine.MemoryBytes / (double)(1 << 30):0.0} GiB, {machine.OperatingSystem}, {machine.Runtime},
        server garbage collection {(machine.ServerGarbageCollection ? "on" : "off")}; 4 KiB to the disk {machine.DiskSyncMs:0.00} ms; load average at the start {machine.LoadAverage}.
        """);

    private static string Range(Metric metric) => metric.Samples.Count == 0
        ? string.Empty
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{metric.Samples.Count}: {Number(metric.Samples.Min())} … {Number(metric.Samples.Max())}");

    private static string Snapshots(ScenarioResult result) => result.SnapshotsTaken == 0
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $"{result.SnapshotsProven} of {result.SnapshotsTaken} snapshots proven; ");
}
