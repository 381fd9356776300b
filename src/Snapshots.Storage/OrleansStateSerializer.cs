using Orleans.Serialization;
using Orleans.Storage;

namespace Snapshots.Storage;

/// <summary>
/// The form of <see cref="OrleansGrainStorageSerializer"/>, made in pooled memory and copied once; that one doubles a buffer until the
/// state fits, which for states of some kilobytes is most of what a busy silo allocates.
/// </summary>
internal sealed class OrleansStateSerializer(Serializer serializer) : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(serializer.SerializeToArray(input));

    public T? Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return serializer.Deserialize<T>(input.ToMemory());
    }
}
