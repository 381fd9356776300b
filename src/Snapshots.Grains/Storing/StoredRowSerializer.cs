using System.Runtime.InteropServices;
using Orleans.Storage;

namespace Snapshots.Grains;

/// <summary>
/// For the grain storage that holds the snapshots' rows: they are bytes already, and go as they are, without a copy.
/// Optional: any serializer will do.
/// </summary>
/// <param name="others">For the states of other grains in the same storage.</param>
public sealed class StoredRowSerializer(IGrainStorageSerializer others) : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => input is StoredRow row ? new BinaryData(row.Content) : others.Serialize(input);

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (typeof(T) != typeof(StoredRow)) return others.Deserialize<T>(input);
        var bytes = input.ToMemory();
        var isWhole = MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Count == segment.Array!.Length;
        return (T)(object)new StoredRow { Content = isWhole ? segment.Array! : bytes.ToArray() };
    }
}
