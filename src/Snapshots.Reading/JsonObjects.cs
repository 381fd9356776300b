namespace Snapshots.Reading;

/// <summary>Writes lists of objects.</summary>
public static class JsonObjects
{
    /// <summary>Writes an array with an object for each item.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="items">The items.</param>
    /// <param name="members">Writes the members of the object of one item.</param>
    public static void WriteArray<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<Utf8JsonWriter, T> members)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(members);
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStartObject();
            members(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
