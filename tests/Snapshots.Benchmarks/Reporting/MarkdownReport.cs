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
                text.AppendLine(
                    CultureInfo.InvariantCulture, $"| `{metric.Name}` | {Number(metric.Value)} | {Range(metric)} |");
            }

            text.AppendLine();
            foreach (var note in result.Notes) text.AppendLine(CultureInfo.InvariantCulture, $"- {note}");
            text.AppendLine(
                CultureInfo.InvariantCulture, $"- {Snapshots(result)}{result.Elapsed.TotalSeconds:0} s in all");
            foreach (var failure in result.Failures)
                text.AppendLine(CultureInfo.InvariantCulture, $"- **failed:** {failure}");
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

    private static string Describe(MachineFacts machine, BenchmarkOptions options)
    {
        var quick = options.Quick ? ", with --quick" : string.Empty;
        var callers = options.Gateway ? "at a TCP gateway" : "in the silo, but where another place is named";
        var commit = machine.Commit.Length > 0 ? machine.Commit : "unknown";
        var gigabytes = machine.MemoryBytes / (double)(1 << 30);
        var server = machine.ServerGarbageCollection ? "on" : "off";
        var (load, disk, system) = (machine.LoadAverage, machine.DiskSyncMs, machine.OperatingSystem);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Measured {machine.Date:yyyy-MM-dd HH:mm} UTC{quick}, callers {callers}; commit {commit}.
            {machine.Cores} cores ({machine.Processor}), {gigabytes:0.0} GiB, {system}, {machine.Runtime},
            server garbage collection {server}; 4 KiB to the disk {disk:0.00} ms; load average at the start {load}.
            """);
    }

    private static string Range(Metric metric) => metric.Samples.Count == 0
        ? string.Empty
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{metric.Samples.Count}: {Number(metric.Samples.Min())} … {Number(metric.Samples.Max())}");

    private static string Snapshots(ScenarioResult result) => result.SnapshotsTaken == 0
        ? string.Empty
        : string.Create(
            CultureInfo.InvariantCulture, $"{result.SnapshotsProven} of {result.SnapshotsTaken} snapshots proven; ");
}
