using System.Text.Json;

namespace Snapshots.Benchmarks;

/// <summary>The results as JSON. Its members are stable: others read them.</summary>
internal static class JsonReport
{
    private const int SchemaVersion = 1;
    private const int Digits = 3;

    public static byte[] Write(MachineFacts machine, BenchmarkOptions options, IEnumerable<ScenarioResult> results)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schemaVersion", SchemaVersion);
            writer.WriteBoolean("quick", options.Quick);
            writer.WriteString("caller", options.Gateway ? "gateway" : "silo");
            WriteMachine(writer, machine);
            writer.WriteStartArray("scenarios");
            foreach (var result in results) WriteScenario(writer, result);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteMachine(Utf8JsonWriter writer, MachineFacts machine)
    {
        writer.WriteStartObject("machine");
        writer.WriteNumber("cores", machine.Cores);
        writer.WriteString("processor", machine.Processor);
        writer.WriteNumber("memoryBytes", machine.MemoryBytes);
        writer.WriteString("operatingSystem", machine.OperatingSystem);
        writer.WriteString("runtime", machine.Runtime);
        writer.WriteBoolean("serverGarbageCollection", machine.ServerGarbageCollection);
        writer.WriteString("loadAverage", machine.LoadAverage);
        writer.WriteNumber("diskSyncMs", Math.Round(machine.DiskSyncMs, Digits));
        writer.WriteString("commit", machine.Commit);
        writer.WriteString("date", machine.Date);
        writer.WriteEndObject();
    }

    private static void WriteScenario(Utf8JsonWriter writer, ScenarioResult result)
    {
        writer.WriteStartObject();
        writer.WriteString("name", result.Name);
        writer.WriteStartObject("metrics");
        foreach (var metric in result.Metrics) writer.WriteNumber(metric.Name, Math.Round(metric.Value, Digits));
        writer.WriteEndObject();
        writer.WriteStartObject("samples");
        foreach (var metric in result.Metrics.Where(metric => metric.Samples.Count > 0))
        {
            writer.WriteStartArray(metric.Name);
            foreach (var sample in metric.Samples) writer.WriteNumberValue(Math.Round(sample, Digits));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        WriteTexts(writer, "notes", result.Notes);
        WriteTexts(writer, "failures", result.Failures);
        writer.WriteNumber("snapshotsTaken", result.SnapshotsTaken);
        writer.WriteNumber("snapshotsProven", result.SnapshotsProven);
        writer.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 1));
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
