using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The stored form of a process. Version 4: where it belongs (<see cref="RecordPlace"/>), epoch, state, what is known of snapshots,
/// outgoing channels, incoming channels, open recordings, each list with a count before it. Written often, so it is compact and made
/// in one pass. Two older ones are still read: in version 3 an outgoing channel had all its unacknowledged frames in every difference,
/// and did not say up to which they were kept; version 2 had the number of the base alone in place of the first.
/// </summary>
internal sealed class ProcessRecordCodec<TState, TMessage>(StateCodec<TState> states, MessageCodec<TMessage> messages)
    where TState : notnull
    where TMessage : notnull
{
    private const byte Version = 4;
    private const byte WithAllFrames = 3;
    private const byte WithBaseAlone = 2;
    private const byte HasLocal = 1;
    private const byte HasOverflow = 2;
    private const byte HasOverflowAccepted = 4;

    /// <summary>The local report is the one that the base has.</summary>
    private const byte KeepsLocal = 8;
    private readonly RecordWriter _writer = new();

    /// <summary>
    /// How many bytes of the last encoded record no new base would save: the application's state, where it is always written whole,
    /// and the local reports that wait for the collector.
    /// </summary>
    public int LastFixedBytes { get; private set; }

    /// <summary>The record, or a difference of records whose states may be written as differences to that of a base.</summary>
    /// <param name="record">What is to be stored.</param>
    /// <param name="base">The base that it differs from, if it is a difference.</param>
    /// <param name="place">Where it belongs among the rows of the process.</param>
    public byte[] Encode(ProcessRecord<TState, TMessage> record, ProcessRecord<TState, TMessage>? @base = null, RecordPlace place = default)
    {
        _writer.Reset();
        _writer.WriteByte(Version);
        _writer.WriteNumber(place.Base);
        _writer.WriteNumber(place.Chain);
        _writer.WriteByte((byte)place.Links);
        _writer.WriteNumber(record.Epoch.Value);
        var before = _writer.Written.Length;
        states.Write(_writer, record.State, @base);
        LastFixedBytes = states.WritesDifferences ? 0 : _writer.Written.Length - before;
        _writer.WriteNumber(record.Known.Highest.Value);
        _writer.WriteNumber(record.Known.Open.Count);
        foreach (var open in record.Known.Open) _writer.WriteNumber(open.Value);
        _writer.WriteNumber(record.Outgoing.Length);
        foreach (var channel in record.Outgoing) WriteOutgoing(channel);
        _writer.WriteNumber(record.Incoming.Length);
        foreach (var channel in record.Incoming)
        {
            _writer.WriteText(channel.Source.Value);
            _writer.WriteNumber(channel.Delivered.Value);
            _writer.WriteNumber(channel.Messages.Value);
            _writer.WriteFixed(channel.Digest.Value);
        }

        _writer.WriteNumber(record.Recordings.Length);
        foreach (var recording in record.Recordings) WriteRecording(recording, @base);
        return _writer.Written.ToArray();
    }

    /// <summary>The place that the record was encoded with.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or of an unknown version.</exception>
    public static RecordPlace PlaceOf(ProcessId id, ReadOnlyMemory<byte> bytes)
    {
        var reader = new RecordReader(bytes.Span);
        return ReadPlace(ref reader, id, out _);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, of an unknown version, or need a base that is not given.</exception>
    public ProcessRecord<TState, TMessage> Decode(
        ProcessId id, ReadOnlyMemory<byte> bytes, ProcessRecord<TState, TMessage>? @base = null)
    {
        var reader = new RecordReader(bytes.Span);
        ReadPlace(ref reader, id, out var version);
        var epoch = new Epoch(reader.ReadNumber());
        var state = states.Read(ref reader, @base);
        var highest = new SnapshotNumber(reader.ReadNumber());
        var open = new SnapshotNumber[reader.ReadCount()];
        for (var index = 0; index < open.Length; index++) open[index] = new SnapshotNumber(reader.ReadNumber());
        var outgoing = new OutgoingChannelRecord<TMessage>[reader.ReadCount()];
        for (var index = 0; index < outgoing.Length; index++) outgoing[index] = ReadOutgoing(ref reader, version);
        var incoming = new IncomingChannelRecord[reader.ReadCount()];
        for (var index = 0; index < incoming.Length; index++)
        {
            incoming[index] = new IncomingChannelRecord(
                reader.ReadProcess(),
                new FrameNumber(reader.ReadNumber()),
                new MessageCount(reader.ReadNumber()),
                new MessageDigest(reader.ReadFixed()));
        }

        var recordings = new RecordingRecord<TState, TMessage>[reader.ReadCount()];
        for (var index = 0; index < recordings.Length; index++) recordings[index] = ReadRecording(ref reader, id, epoch, @base);
        if (!reader.IsAtEnd) throw new InvalidDataException($"the stored record of {id} is longer than its content");
        return new ProcessRecord<TState, TMessage>(
            id, epoch, state, new SnapshotAnnouncement(highest, open), [.. outgoing], [.. incoming], [.. recordings]);
    }

    private static RecordPlace ReadPlace(ref RecordReader reader, ProcessId id, out byte version)
    {
        version = reader.ReadByte();
        if (version == WithBaseAlone) return new RecordPlace(reader.ReadNumber(), Chain: 0, LinkUse.Never);
        if (version is not (Version or WithAllFrames)) throw new InvalidDataException($"{id} was stored by version {version}, which is not known");
        var place = new RecordPlace(reader.ReadNumber(), reader.ReadNumber(), (LinkUse)reader.ReadByte());
        return place.Links <= LinkUse.Now ? place : throw new InvalidDataException($"the stored record of {id} uses links in an unknown way");
    }

    private void WriteOutgoing(OutgoingChannelRecord<TMessage> channel)
    {
        _writer.WriteText(channel.Target.Value);
        _writer.WriteNumber(channel.Acknowledged.Value);
        _writer.WriteFixed(channel.AcknowledgedDigest.Value);
        _writer.WriteNumber(channel.Last.Value);
        _writer.WriteNumber(channel.Sent.Value);
        _writer.WriteNumber(channel.KeptUpTo == default ? 0 : channel.KeptUpTo.Value - channel.Acknowledged.Value);
        _writer.WriteNumber(channel.Unacknowledged.Length);
        foreach (var entry in channel.Unacknowledged)
        {
            _writer.WriteNumber(entry.Last.Value - entry.First.Value);
            _writer.WriteFixed(entry.DigestAfter.Value);
            FrameContentCodec.Write(_writer, messages, entry.Content);
        }
    }

    private OutgoingChannelRecord<TMessage> ReadOutgoing(ref RecordReader reader, byte version)
    {
        var target = reader.ReadProcess();
        var acknowledged = new FrameNumber(reader.ReadNumber());
        var digest = new MessageDigest(reader.ReadFixed());
        var last = new FrameNumber(reader.ReadNumber());
        var sent = new MessageCount(reader.ReadNumber());
        var kept = version == Version ? reader.ReadNumber() : 0;
        var entries = new OutboxEntry<TMessage>[reader.ReadCount()];
        var first = new FrameNumber(acknowledged.Value + kept).Next;
        for (var index = 0; index < entries.Length; index++)
        {
            var end = new FrameNumber(first.Value + reader.ReadNumber());
            var digestAfter = new MessageDigest(reader.ReadFixed());
            entries[index] = new OutboxEntry<TMessage>(first, end, FrameContentCodec.Read(ref reader, messages), digestAfter);
            first = end.Next;
        }

        return new OutgoingChannelRecord<TMessage>(target, acknowledged, digest, last, sent, [.. entries])
        {
            KeptUpTo = kept == 0 ? default : new FrameNumber(acknowledged.Value + kept),
        };
    }

    private void WriteRecording(RecordingRecord<TState, TMessage> recording, ProcessRecord<TState, TMessage>? @base)
    {
        _writer.WriteNumber(recording.Snapshot.Value);
        var keepsLocal = recording.Local is not null && ReferenceEquals(recording.Local, LocalOf(@base, recording.Snapshot));
        _writer.WriteByte((byte)((keepsLocal ? KeepsLocal : recording.Local is null ? 0 : HasLocal)
            | (recording.Overflow ? HasOverflow : 0)
            | (recording.OverflowAccepted ? HasOverflowAccepted : 0)));
        if (!keepsLocal && recording.Local is { } local)
        {
            var before = _writer.Written.Length;
            states.Write(_writer, local.State, @base);
            WriteCounts(local.Sent);
            WriteCounts(local.Delivered);
            LastFixedBytes += _writer.Written.Length - before;
        }

        _writer.WriteNumber(recording.Channels.Length);
        foreach (var channel in recording.Channels)
        {
            _writer.WriteText(channel.Source.Value);
            _writer.WriteNumber(channel.DeliveredBefore.Value);
            _writer.WriteByte((byte)channel.Status);
            _writer.WriteNumber(channel.Messages.Length);
            foreach (var message in channel.Messages) messages.General.Write(_writer, message);
        }
    }

    private RecordingRecord<TState, TMessage> ReadRecording(
        ref RecordReader reader, ProcessId id, Epoch epoch, ProcessRecord<TState, TMessage>? @base)
    {
        var snapshot = new SnapshotNumber(reader.ReadNumber());
        var flags = reader.ReadByte();
        LocalReport<TState>? local = null;
        if ((flags & KeepsLocal) != 0)
        {
            local = LocalOf(@base, snapshot) ?? throw new InvalidDataException($"the local state of {id} for snapshot {snapshot} is not in its base");
        }
        else if ((flags & HasLocal) != 0)
        {
            var state = states.Read(ref reader, @base);
            var sent = ReadCounts(ref reader);
            local = new LocalReport<TState>(snapshot, epoch, id, state, [.. sent], [.. ReadCounts(ref reader)]);
        }

        var channels = new ChannelRecordingRecord<TMessage>[reader.ReadCount()];
        for (var index = 0; index < channels.Length; index++)
        {
            var source = reader.ReadProcess();
            var delivered = new MessageCount(reader.ReadNumber());
            var status = (ChannelRecordingStatus)reader.ReadByte();
            var recorded = new TMessage[reader.ReadCount()];
            for (var place = 0; place < recorded.Length; place++) recorded[place] = messages.General.Read(ref reader);
            channels[index] = new ChannelRecordingRecord<TMessage>(source, delivered, status, [.. recorded]);
        }

        return new RecordingRecord<TState, TMessage>(snapshot, local, [.. channels], (flags & HasOverflow) != 0, (flags & HasOverflowAccepted) != 0);
    }

    private static LocalReport<TState>? LocalOf(ProcessRecord<TState, TMessage>? record, SnapshotNumber snapshot)
    {
        if (record is null) return null;
        foreach (var recording in record.Recordings)
        {
            if (recording.Snapshot == snapshot) return recording.Local;
        }

        return null;
    }

    private void WriteCounts(IReadOnlyCollection<ChannelCount> counts)
    {
        _writer.WriteNumber(counts.Count);
        foreach (var (peer, count) in counts)
        {
            _writer.WriteText(peer.Value);
            _writer.WriteNumber(count.Value);
        }
    }

    private static ChannelCount[] ReadCounts(ref RecordReader reader)
    {
        var counts = new ChannelCount[reader.ReadCount()];
        for (var index = 0; index < counts.Length; index++)
        {
            counts[index] = new ChannelCount(reader.ReadProcess(), new MessageCount(reader.ReadNumber()));
        }

        return counts;
    }
}
