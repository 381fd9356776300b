namespace Snapshots.Reading;

/// <summary>Writes the results of checks as JSON, the same in the console and on the page.</summary>
public static class CheckJson
{
    /// <summary>Returns the name of a class.</summary>
    public static string NameOf(CheckClass value) => value switch
    {
        CheckClass.Stable => "stable",
        CheckClass.Invariant => "invariant",
        CheckClass.Observed => "observed",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such class"),
    };

    /// <summary>Writes the results of the checks of a snapshot into an open object.</summary>
    public static void Write(Utf8JsonWriter writer, SnapshotId snapshot, IEnumerable<CheckResult> results)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(results);
        writer.WriteString("snapshot", snapshot.Value);
        writer.WriteStartArray("checks");
        foreach (var result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("name", result.Name);
            writer.WriteString("class", NameOf(result.Class));
            writer.WriteBoolean("holds", result.Holds);
            writer.WriteBoolean("finding", result.Finding);
            writer.WriteStartArray("witness");
            foreach (var text in result.Witness) writer.WriteStringValue(text);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
