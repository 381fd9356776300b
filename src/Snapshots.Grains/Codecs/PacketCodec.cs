using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The binary form of a packet. Version 1: frames, acknowledgements, notices, each with a count before it.
/// </summary>
internal sealed class PacketCodec<TMessage>(MessageCodec<TMessage> messages)
    where TMessage : notnull
{
    private const byte Version = 1;
    private readonly RecordWriter _writer = new();

    public Packet Encode(ProcessId target, PacketContent<TMessage> content)
    {
        _writer.Reset();
        _writer.WriteByte(Version);
        _writer.WriteText(target.Value);
        _writer.WriteNumber(content.Frames.Count);
        foreach (var frame in content.Frames)
        {
            _writer.WriteText(frame.Channel.Source.Value);
            _writer.WriteNumber(frame.Epoch.Value);
            _writer.WriteNumber(frame.First.Value);
            _writer.WriteNumber(frame.Last.Value - frame.First.Value);
            _writer.WriteNumber(frame.Acknowledged.Value);
            FrameContentCodec.Write(_writer, messages, frame.Content);
        }

        _writer.WriteNumber(content.Acknowledgements.Count);
        foreach (var acknowledgement in content.Acknowledgements)
        {
            _writer.WriteText(acknowledgement.Channel.Target.Value);
            _writer.WriteNumber(acknowledgement.Epoch.Value);
            _writer.WriteNumber(acknowledgement.UpTo.Value);
            _writer.WriteFixed(acknowledgement.Digest.Value);
            _writer.WriteNumber(acknowledgement.Recording.Length);
            foreach (var snapshot in acknowledgement.Recording) _writer.WriteNumber(snapshot.Value);
        }

        _writer.WriteNumber(content.Notices.Count);
        foreach (var notice in content.Notices) _writer.WriteNumber(notice.Epoch.Value);
        return new Packet(_writer.Written.ToArray());
    }

    /// <summary>Whether a packet may have a frame: one that cannot be read is for <see cref="Decode"/> to refuse.</summary>
    public static bool MayHaveFrames(Packet packet)
    {
        try
        {
            var reader = new RecordReader(packet.Body.Span);
            if (reader.ReadByte() != Version) return true;
            reader.ReadBlock();
            return reader.ReadCount() > 0;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    /// <exception cref="InvalidDataException">The packet is damaged or of an unknown version.</exception>
    public PacketContent<TMessage> Decode(Packet packet)
    {
        var reader = new RecordReader(packet.Body.Span);
        var version = reader.ReadByte();
        if (version != Version) throw new InvalidDataException($"a packet of version {version} is not known");
        var self = reader.ReadProcess();
        var frames = new Frame<TMessage>[reader.ReadCount()];
        for (var index = 0; index < frames.Length; index++) frames[index] = ReadFrame(ref reader, self);
        var acknowledgements = new Acknowledgement[reader.ReadCount()];
        for (var index = 0; index < acknowledgements.Length; index++) acknowledgements[index] = ReadAcknowledgement(ref reader, self);

        var notices = new EpochNotice[reader.ReadCount()];
        for (var index = 0; index < notices.Length; index++) notices[index] = new EpochNotice(self, new Epoch(reader.ReadNumber()));
        return new PacketContent<TMessage>(frames, acknowledgements, notices);
    }

    private static Acknowledgement ReadAcknowledgement(ref RecordReader reader, ProcessId self)
    {
        var acknowledgement = new Acknowledgement(
            new ChannelId(self, reader.ReadProcess()),
            new Epoch(reader.ReadNumber()),
            new FrameNumber(reader.ReadNumber()),
            new MessageDigest(reader.ReadFixed()));
        var recording = new SnapshotNumber[reader.ReadCount()];
        for (var index = 0; index < recording.Length; index++) recording[index] = new SnapshotNumber(reader.ReadNumber());
        return acknowledgement with { Recording = [.. recording] };
    }

    private Frame<TMessage> ReadFrame(ref RecordReader reader, ProcessId self)
    {
        var channel = new ChannelId(reader.ReadProcess(), self);
        var epoch = new Epoch(reader.ReadNumber());
        var first = reader.ReadNumber();
        var last = first + reader.ReadNumber();
        var acknowledged = new FrameNumber(reader.ReadNumber());
        var content = FrameContentCodec.Read(ref reader, messages);
        return new Frame<TMessage>(channel, epoch, new FrameNumber(first), new FrameNumber(last), content, acknowledged);
    }
}
