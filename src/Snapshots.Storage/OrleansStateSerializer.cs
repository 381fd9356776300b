using Orleans.Serialization;
using Orleans.Storage;

namespace Snapshots.Storage;

/// <summary>
/// The form of <see cref="OrleansGrainStorageSerializer"/>, made in pooled memory and copied once; that one doubles a
/// buffer until the state fits, which for states of some kilobytes is most of what a busy silo allocates.
/// </summary>
/// <param name="serializer">Orleans's serializer.</param>
public sealed class OrleansStateSerializer(Serializer serializer) : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(serializer.SerializeToArray(input));

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return serializer.Deserialize<T>(input.ToMemory());
    }
}
