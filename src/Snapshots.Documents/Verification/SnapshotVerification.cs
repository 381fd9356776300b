using System.Collections.Immutable;
using System.Text.Json;
using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>What the verification of a document found.</summary>
/// <param name="Id">The snapshot, as the document names it.</param>
/// <param name="Violations">
/// One line for each thing that does not hold, which it names; none when the document is valid.
/// </param>
public sealed record SnapshotVerification(SnapshotId Id, ImmutableArray<string> Violations)
{
    /// <summary>Whether everything holds.</summary>
    public bool Valid => Violations.IsEmpty;

    /// <summary>Writes <c>{"id","valid","violations":[…]}</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("id", Id.Value);
        writer.WriteBoolean("valid", Valid);
        writer.WriteStartArray("violations");
        foreach (var violation in Violations) writer.WriteStringValue(violation);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
