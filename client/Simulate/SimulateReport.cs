using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Snapshots.Documents;
using Snapshots.Simulation;

namespace Snapshots.Client;

/// <summary>What came of a campaign, for people and as JSON.</summary>
/// <param name="result">The campaign.</param>
/// <param name="mutants">The planted faults; <c>default</c> if none were planted.</param>
internal sealed class SimulateReport(CampaignResult result, ImmutableArray<MutantResult> mutants)
{
    /// <summary>Failing seeds that are reduced to a short schedule.</summary>
    private const int MaxReduced = 3;

    /// <summary>Why the campaign has failed; none if it has not.</summary>
    public Failure? Failure => Complaint is { } complaint ? new(ErrorCode.PropertyViolated, complaint) : null;

    private string? Complaint
    {
        get
        {
            if (result.Violations is [var first, ..]) return $"{Number(result.Violations.Length)} schedules break an invariant, the first is {Number(first.Seed)}: {first.Invariant}";
            if (Escaped.FirstOrDefault() is { } escaped) return $"the planted fault {escaped.Name} has escaped";
            return result.Unseen.FirstOrDefault() is { } unseen ? $"no schedule has seen {unseen}" : null;
        }
    }

    private IEnumerable<MutantResult> Escaped => mutants.IsDefault ? [] : mutants.Where(mutant => !mutant.IsCaught);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("schemaVersion", SnapshotDocument.SchemaVersion);
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
        writer.WriteStartObject("caughtBy");
        foreach (var mutant in mutants) writer.WriteString(mutant.Name, mutant.IsCaught ? mutant.Expected : null);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public void Show(Page page)
    {
        page.Facts(
            ("schedules", $"{Number(result.Runs)}, {Number((long)result.SchedulesPerSecond)} a second"),
            ("violations", Number(result.Violations.Length)),
            ("digest", result.Digest));
        page.Line();
        page.Table(["seen", "#schedules"], result.Seen.Select(each => (IReadOnlyList<string>)[each.Name, Number(each.Runs)]));
        if (!mutants.IsDefault) ShowMutants(page);
        foreach (var violation in result.Violations.Take(MaxReduced))
        {
            page.Line();
            page.Raw(string.Concat(ShrunkSchedule.Of(violation).Select(line => line + "\n")));
        }
    }

    private void ShowMutants(Page page)
    {
        page.Line();
        page.Table(
            ["planted fault", "what is wrong", "caught by", "#at seed"],
            mutants.Select(mutant => (IReadOnlyList<string>)
            [
                mutant.Name, mutant.Fault, mutant.IsCaught ? mutant.Expected : "ESCAPED", mutant.CaughtAt is { } seed ? Number(seed) : "-",
            ]));
        page.Line();
        page.Line($"planted {Number(mutants.Length)}, caught {Number(mutants.Length - Escaped.Count())}, escaped {Number(Escaped.Count())}");
    }

    private static void WriteNames(Utf8JsonWriter writer, string property, IEnumerable<MutantResult> mutants)
    {
        writer.WriteStartArray(property);
        foreach (var mutant in mutants) writer.WriteStringValue(mutant.Name);
        writer.WriteEndArray();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
