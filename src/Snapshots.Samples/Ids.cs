namespace Snapshots.Samples;

/// <summary>Lists of ids without repetition, in ordinal order, and what both applications do with ids.</summary>
internal static class Ids
{
    private const ulong FnvStart = 14695981039346656037UL;
    private const ulong FnvPrime = 1099511628211UL;

    public static ImmutableArray<ProcessId> With(this ImmutableArray<ProcessId> ids, ProcessId id)
    {
        var place = ids.BinarySearch(id);
        return place >= 0 ? ids : ids.Insert(~place, id);
    }

    public static ImmutableArray<ProcessId> Without(this ImmutableArray<ProcessId> ids, ProcessId id)
    {
        var place = ids.BinarySearch(id);
        return place >= 0 ? ids.RemoveAt(place) : ids;
    }

    public static bool Has(this ImmutableArray<ProcessId> ids, ProcessId id) => ids.BinarySearch(id) >= 0;

    public static void Write(Utf8JsonWriter writer, string name, ImmutableArray<ProcessId> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids) writer.WriteStringValue(id.Value);
        writer.WriteEndArray();
    }

    public static ImmutableArray<ProcessId> Read(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(id => new ProcessId(id.GetString()!))];

    public static string Describe(ImmutableArray<ProcessId> ids) => ids.IsEmpty ? "nothing" : string.Join(", ", ids);

    /// <summary>64-bit FNV-1a of a kind and names, each closed by a zero.</summary>
    public static ulong Fingerprint(byte kind, params ReadOnlySpan<string> names)
    {
        unchecked
        {
            var hash = (FnvStart ^ kind) * FnvPrime;
            foreach (var name in names)
            {
                foreach (var character in name) hash = (hash ^ character) * FnvPrime;
                hash *= FnvPrime;
            }

            return hash;
        }
    }
}
