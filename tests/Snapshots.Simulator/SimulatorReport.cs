using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Snapshots.Simulator;

/// <summary>What came of a campaign, for people and as JSON.</summary>
/// <param name="result">The campaign.</param>
/// <param name="mutants">The planted faults; <c>default</c> if none were planted.</param>
internal sealed class SimulatorReport(CampaignResult result, ImmutableArray<MutantResult> mutants)
{
    private const int SchemaVersion = 1;

    /// <summary>Failing seeds that are reduced to a short schedule.</summary>
    private const int MaxReduced = 3;

    /// <summary>Why the campaign has failed; none if it has not.</summary>
    public string? Complaint
    {
        get
        {
            if (result.Violations is [var first, ..])
            {
                var count = Number(result.Violations.Length);
                return $"{count} schedules break an invariant, the first is {Number(first.Seed)}: {first.Invariant}";
            }

            if (Escaped.FirstOrDefault() is { } escaped) return $"the planted fault {escaped.Name} has escaped";
            return result.Unseen.FirstOrDefault() is { } unseen ? $"no schedule has seen {unseen}" : null;
        }
    }

    private IEnumerable<MutantResult> Escaped => mutants.IsDefault ? [] : mutants.Where(mutant => !mutant.IsCaught);

    /// <summary>One object as indented JSON, the same on every system.</summary>
    public static string ToJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the members of the JSON object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("schemaVersion", SchemaVersion);
        writer.WriteNumber("runs", result.Runs);
        writer.WriteStartArray("violations");
        foreach (var violation in result.Violations)
        {
            writer.WriteStartObject();
            writer.WriteNumber("seed", violation.Seed);
            writer.WriteString("invariant", violation.Invariant);
            writer.WriteString("detail", violation.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("digest", result.Digest);
        writer.WriteNumber("schedulesPerSecond", Math.Round(result.SchedulesPerSecond, 1));
        writer.WriteStartObject("seen");
        foreach (var (name, runs) in result.Seen) writer.WriteNumber(name, runs);
        writer.WriteEndObject();
        if (mutants.IsDefault) return;
        writer.WriteStartObject("mutants");
        WriteNames(writer, "planted", mutants);
        WriteNames(writer, "caught", mutants.Where(mutant => mutant.IsCaught));
        WriteNames(writer, "escaped", Escaped);
        writer.WriteEndObject();
    }

    /// <summary>The lines that a person is shown.</summary>
    public IEnumerable<string> ToText() =>
    [
        $"schedules   {Number(result.Runs)}, {Number((long)result.SchedulesPerSecond)} a second",
        $"violations  {Number(result.Violations.Length)}",
        $"digest      {result.Digest}",
        .. Table(["seen", "schedules"], result.Seen.Select(each => new[] { each.Name, Number(each.Runs) })),
        .. mutants.IsDefault ? [] : MutantText(),
        .. result.Violations.Take(MaxReduced).SelectMany(violation => ShrunkSchedule.Of(violation).Prepend(string.Empty)),
    ];

    private IEnumerable<string> MutantText() =>
    [
        .. Table(
            ["planted fault", "what is wrong", "caught by", "at seed"],
            mutants.Select(mutant => new[]
            {
                mutant.Name,
                mutant.Fault,
                mutant.IsCaught ? mutant.Expected : "ESCAPED",
                mutant.CaughtAt is { } seed ? Number(seed) : "-",
            })),
        string.Empty,
        $"planted {Number(mutants.Length)}, caught {Number(mutants.Length - Escaped.Count())}, escaped {Number(Escaped.Count())}",
    ];

    /// <summary>An empty line, then rows in columns; the last column holds numbers, which end at the right.</summary>
    private static IEnumerable<string> Table(string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        string Cell(string text, int column) => column == head.Length - 1 ? text.PadLeft(widths[column]) : text.PadRight(widths[column]);
        return all.Select(row => string.Join("  ", row.Select(Cell))).Prepend(string.Empty);
    }

    private static void WriteNames(Utf8JsonWriter writer, string property, IEnumerable<MutantResult> mutants)
    {
        writer.WriteStartArray(property);
        foreach (var mutant in mutants) writer.WriteStringValue(mutant.Name);
        writer.WriteEndArray();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
