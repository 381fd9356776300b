using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The binary form of what frames carry, shared by packets and stored records.</summary>
internal static class FrameContentCodec
{
    private const byte MessageKind = 0;
    private const byte MarkerKind = 1;
    private const byte VoidKind = 2;

    public static void Write<TMessage>(RecordWriter writer, PayloadCodec<TMessage> messages, FrameContent<TMessage> content)
        where TMessage : notnull
    {
        switch (content)
        {
            case MessageContent<TMessage> message:
                writer.WriteByte(MessageKind);
                writer.WriteNumber(message.Number.Value);
                messages.Write(writer, message.Message);
                break;
            case MarkerContent<TMessage> marker:
                writer.WriteByte(MarkerKind);
                writer.WriteNumber(marker.Snapshot.Value);
                writer.WriteNumber(marker.SentBefore.Value);
                break;
            default:
                writer.WriteByte(VoidKind);
                break;
        }
    }

    public static FrameContent<TMessage> Read<TMessage>(ref RecordReader reader, PayloadCodec<TMessage> messages)
        where TMessage : notnull
    {
        var kind = reader.ReadByte();
        return kind switch
        {
            MessageKind => new MessageContent<TMessage>(new MessageCount(reader.ReadNumber()), messages.Read(ref reader)),
            MarkerKind => new MarkerContent<TMessage>(new SnapshotNumber(reader.ReadNumber()), new MessageCount(reader.ReadNumber())),
            VoidKind => new VoidContent<TMessage>(),
            _ => throw new InvalidDataException($"a frame of kind {kind} is not known"),
        };
    }
}
