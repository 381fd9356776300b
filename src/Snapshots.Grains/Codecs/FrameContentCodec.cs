using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The binary form of what frames carry, shared by packets and stored records.</summary>
internal static class FrameContentCodec
{
    private const byte MessageKind = 0;
    private const byte MarkerKind = 1;
    private const byte VoidKind = 2;
    private const byte OwnFormKind = 3;

    public static void Write<TMessage>(RecordWriter writer, MessageCodec<TMessage> messages, FrameContent<TMessage> content)
        where TMessage : notnull
    {
        switch (content)
        {
            case MessageContent<TMessage> message:
                writer.WriteByte(messages.HasOwnForm ? OwnFormKind : MessageKind);
                writer.WriteNumber(message.Number.Value);
                if (messages.HasOwnForm) messages.WriteOwn(writer, message.Message);
                else messages.General.Write(writer, message.Message);
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

    public static FrameContent<TMessage> Read<TMessage>(ref RecordReader reader, MessageCodec<TMessage> messages)
        where TMessage : notnull
    {
        var kind = reader.ReadByte();
        return kind switch
        {
            MessageKind => new MessageContent<TMessage>(new MessageCount(reader.ReadNumber()), messages.General.Read(ref reader)),
            MarkerKind => new MarkerContent<TMessage>(new SnapshotNumber(reader.ReadNumber()), new MessageCount(reader.ReadNumber())),
            OwnFormKind => new MessageContent<TMessage>(new MessageCount(reader.ReadNumber()), messages.ReadOwn(ref reader)),
            VoidKind => new VoidContent<TMessage>(),
            _ => throw new InvalidDataException($"a frame of kind {kind} is not known"),
        };
    }
}
