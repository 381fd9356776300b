using Orleans.Serialization;

namespace Snapshots.Grains;

/// <summary>Writes an application's values with the Orleans serializer, each as one block.</summary>
internal sealed class PayloadCodec<T>(Serializer<T> serializer)
    where T : notnull
{
    private readonly RecordWriter _scratch = new();

    public void Write(RecordWriter writer, T value)
    {
        _scratch.Reset();
        serializer.Serialize(value, _scratch);
        writer.WriteBlock(_scratch.Written);
    }

    public T Read(ref RecordReader reader) =>
        serializer.Deserialize(reader.ReadBlock()) ?? throw new InvalidDataException($"a stored {typeof(T).Name} is null");

    public T FromPayload(Payload payload) =>
        serializer.Deserialize(payload.Bytes) ?? throw new InvalidDataException($"a stored {typeof(T).Name} is null");

    public Payload ToPayload(T value) => new(serializer.SerializeToArray(value));
}
