using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The stored forms of a process: the checkpoint, which has all of it, and the entry, which has what one write changes.
/// Version 2 of each: epoch, gate, damage, state, memory of keys, what is known of snapshots, the last ordinal, outgoing channels,
/// incoming channels, open recordings, each list with a count before it. The memory of keys in a recording is what turns
/// that before the entry, or the empty one, into that at the cut; version 1, which is read, has it whole. Written often, so
/// compact and made in one pass. The journal adds kind, number and checksum.
/// </summary>
internal sealed class ProcessRecordCodec<TState, TMessage>(StateCodec<TState> states, MessageCodec<TMessage> messages)
    where TState : notnull
    where TMessage : notnull
{
    private const byte Version = 2;
    private const byte VersionOfWholeKeys = 1;
    private const byte HasLocal = 1;
    private const byte HasOverflow = 2;
    private const byte HasOverflowAccepted = 4;
    private const byte KeepsLocal = 8;
    private readonly RecordWriter _writer = new();

    /// <summary>Writes a checkpoint. The bytes are the codec's until its next call.</summary>
    public ReadOnlyMemory<byte> Encode(ProcessRecord<TState, TMessage> record)
    {
        Begin(record.Epoch, record.Restore, record.IsClosed, record.Damage);
        WriteRest(record.Generation, record.IsResting);
        states.Write(_writer, record.State);
        RequestMemoryCodec.WriteWhole(_writer, record.Requests);
        Write(record.Known);
        _writer.WriteNumber(record.LastOrdinal);
        _writer.WriteNumber(record.Outgoing.Length);
        foreach (var channel in record.Outgoing)
        {
            WriteOutgoing(new(
                channel.Target,
                channel.Acknowledged,
                channel.AcknowledgedDigest,
                channel.Last,
                channel.Sent,
                KeptUpTo: channel.Acknowledged,
                channel.Unacknowledged)
            {
                MarkedUpTo = channel.MarkedUpTo,
            });
        }

        WriteIncoming(record.Incoming);
        _writer.WriteNumber(record.Recordings.Length);
        foreach (var recording in record.Recordings)
        {
            _writer.WriteNumber(recording.Ordinal);
            WriteRecording(
                recording.Snapshot,
                recording.Local,
                requests: null,
                keepsLocal: false,
                recording.Overflow,
                recording.OverflowAccepted);
            _writer.WriteNumber(recording.Channels.Length);
            foreach (var channel in recording.Channels)
            {
                WriteChannel(new(channel.Source, channel.DeliveredBefore, channel.Status, KeptMessages: 0, channel.Messages));
            }
        }

        return _writer.WrittenMemory;
    }

    /// <summary>Writes an entry. The bytes are the codec's until its next call.</summary>
    /// <param name="change">What has changed.</param>
    /// <param name="before">The state that the last checkpoint or entry stored.</param>
    public ReadOnlyMemory<byte> Encode(ProcessChange<TState, TMessage> change, TState before)
    {
        Begin(change.Epoch, change.Restore, change.IsClosed, damage: null);
        WriteRest(change.Generation, change.IsResting);
        states.WriteChange(_writer, before, change.State);
        RequestMemoryCodec.Write(_writer, change.Requests);
        Write(change.Known);
        _writer.WriteNumber(change.LastOrdinal);
        _writer.WriteNumber(change.Outgoing.Length);
        foreach (var channel in change.Outgoing) WriteOutgoing(channel);
        WriteIncoming(change.Incoming);
        _writer.WriteNumber(change.Recordings.Length);
        foreach (var recording in change.Recordings)
        {
            _writer.WriteNumber(recording.Ordinal);
            WriteRecording(
                recording.Snapshot,
                recording.Local,
                recording.Requests,
                recording.KeepsLocal,
                recording.Overflow,
                recording.OverflowAccepted);
            _writer.WriteNumber(recording.Channels.Length);
            foreach (var channel in recording.Channels) WriteChannel(channel);
        }

        return _writer.WrittenMemory;
    }

    /// <summary>Reads a checkpoint and the entries after it.</summary>
    /// <exception cref="InvalidDataException">
    /// Bytes are damaged or of an unknown version, or an entry does not follow on what is before it.
    /// </exception>
    public ProcessRecord<TState, TMessage> Decode(ProcessId id, JournalContent content)
    {
        var checkpoint = DecodeChange(id, content.Checkpoint.Span, default);
        var replay = new ProcessReplay<TState, TMessage>(
            new(id, checkpoint.Change.Epoch, checkpoint.Change.State, RequestMemory.Empty, SnapshotAnnouncement.None, [], [], [])
            {
                Damage = checkpoint.Damage,
            });
        try
        {
            replay.Apply(checkpoint.Change);
            foreach (var entry in content.Entries) replay.Apply(DecodeChange(id, entry.Span, replay.State).Change);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"the stored entries of {id} do not fit: {exception.Message}", exception);
        }

        return replay.ToRecord();
    }

    /// <summary>Twice the last restore, plus one if the process is closed for it; damage is 0 or a text.</summary>
    private void Begin(Epoch epoch, RestoreNumber restore, bool isClosed, string? damage)
    {
        _writer.Reset();
        _writer.WriteByte(Version);
        _writer.WriteNumber(epoch.Value);
        _writer.WriteNumber((restore.Value * 2) + (isClosed ? 1 : 0));
        _writer.WriteText(damage ?? string.Empty);
    }

    /// <summary>Twice how often the process has rested, plus one if it rests.</summary>
    private void WriteRest(long generation, bool isResting) => _writer.WriteNumber((generation * 2) + (isResting ? 1 : 0));

    private void Write(SnapshotAnnouncement known)
    {
        _writer.WriteNumber(known.Highest.Value);
        _writer.WriteNumber(known.Open.Count);
        foreach (var open in known.Open) _writer.WriteNumber(open.Value);
    }

    private void WriteOutgoing(OutgoingChannelChange<TMessage> channel)
    {
        _writer.WriteText(channel.Target.Value);
        _writer.WriteNumber(channel.Acknowledged.Value);
        _writer.WriteFixed(channel.AcknowledgedDigest.Value);
        _writer.WriteNumber(channel.Last.Value);
        _writer.WriteNumber(channel.Sent.Value);
        _writer.WriteNumber(channel.MarkedUpTo);
        _writer.WriteNumber(channel.KeptUpTo.Value - channel.Acknowledged.Value);
        _writer.WriteNumber(channel.Entries.Length);
        foreach (var entry in channel.Entries)
        {
            _writer.WriteNumber(entry.Last.Value - entry.First.Value);
            _writer.WriteFixed(entry.DigestAfter.Value);
            FrameContentCodec.Write(_writer, messages, entry.Content);
        }
    }

    private void WriteIncoming(ImmutableArray<IncomingChannelRecord> channels)
    {
        _writer.WriteNumber(channels.Length);
        foreach (var channel in channels)
        {
            _writer.WriteText(channel.Source.Value);
            _writer.WriteNumber(channel.Delivered.Value);
            _writer.WriteNumber(channel.Messages.Value);
            _writer.WriteFixed(channel.Digest.Value);
        }
    }

    private void WriteRecording(
        SnapshotNumber snapshot,
        LocalReport<TState>? local,
        RequestChanges? requests,
        bool keepsLocal,
        bool overflow,
        bool overflowAccepted)
    {
        _writer.WriteNumber(snapshot.Value);
        _writer.WriteByte((byte)((keepsLocal ? KeepsLocal : local is null ? 0 : HasLocal)
            | (overflow ? HasOverflow : 0)
            | (overflowAccepted ? HasOverflowAccepted : 0)));
        if (keepsLocal || local is null) return;
        states.Write(_writer, local.State);
        if (requests is null) RequestMemoryCodec.WriteWhole(_writer, local.Requests); // Of a checkpoint.
        else RequestMemoryCodec.Write(_writer, requests);
        WriteCounts(local.Sent);
        WriteCounts(local.Delivered);
    }

    private void WriteChannel(ChannelRecordingChange<TMessage> channel)
    {
        _writer.WriteText(channel.Source.Value);
        _writer.WriteNumber(channel.DeliveredBefore.Value);
        _writer.WriteByte((byte)channel.Status);
        _writer.WriteNumber(channel.KeptMessages);
        _writer.WriteNumber(channel.Messages.Length);
        foreach (var message in channel.Messages) messages.General.Write(_writer, message);
    }

    private void WriteCounts(ImmutableArray<ChannelCount> counts)
    {
        _writer.WriteNumber(counts.Length);
        foreach (var (peer, count) in counts)
        {
            _writer.WriteText(peer.Value);
            _writer.WriteNumber(count.Value);
        }
    }

    /// <summary>Reads an entry; a checkpoint is one that differs from nothing.</summary>
    private (ProcessChange<TState, TMessage> Change, string? Damage) DecodeChange(ProcessId id, ReadOnlySpan<byte> bytes, TState? before)
    {
        var reader = new RecordReader(bytes);
        var version = reader.ReadByte();
        if (version is not (Version or VersionOfWholeKeys)) throw new InvalidDataException($"{id} was stored by version {version}, which is not known");
        var epoch = new Epoch(reader.ReadNumber());
        var gate = reader.ReadNumber();
        var damage = reader.ReadText();
        var rest = reader.ReadNumber();
        var state = states.Read(ref reader, before);
        var requests = RequestMemoryCodec.Read(ref reader);
        var highest = new SnapshotNumber(reader.ReadNumber());
        var open = new SnapshotNumber[reader.ReadCount()];
        for (var index = 0; index < open.Length; index++) open[index] = new SnapshotNumber(reader.ReadNumber());
        var lastOrdinal = reader.ReadNumber();
        var outgoing = new OutgoingChannelChange<TMessage>[reader.ReadCount()];
        for (var index = 0; index < outgoing.Length; index++) outgoing[index] = ReadOutgoing(ref reader);
        var incoming = new IncomingChannelRecord[reader.ReadCount()];
        for (var index = 0; index < incoming.Length; index++)
        {
            incoming[index] = new IncomingChannelRecord(
                reader.ReadProcess(),
                new FrameNumber(reader.ReadNumber()),
                new MessageCount(reader.ReadNumber()),
                new MessageDigest(reader.ReadFixed()));
        }

        var recordings = new RecordingChange<TState, TMessage>[reader.ReadCount()];
        for (var index = 0; index < recordings.Length; index++) recordings[index] = ReadRecording(ref reader, id, epoch, version);
        if (!reader.IsAtEnd) throw new InvalidDataException($"the stored form of {id} is longer than its content");
        var known = new SnapshotAnnouncement(highest, open);
        var change = new ProcessChange<TState, TMessage>(
            epoch, state, requests, known, [.. outgoing], [.. incoming], [.. recordings])
        {
            LastOrdinal = lastOrdinal,
            Restore = new(gate / 2),
            IsClosed = gate % 2 == 1,
            Generation = rest / 2,
            IsResting = rest % 2 == 1,
        };
        return (change, damage.Length == 0 ? null : damage);
    }

    private OutgoingChannelChange<TMessage> ReadOutgoing(ref RecordReader reader)
    {
        var target = reader.ReadProcess();
        var acknowledged = new FrameNumber(reader.ReadNumber());
        var digest = new MessageDigest(reader.ReadFixed());
        var last = new FrameNumber(reader.ReadNumber());
        var sent = new MessageCount(reader.ReadNumber());
        var markedUpTo = reader.ReadNumber();
        var kept = new FrameNumber(acknowledged.Value + reader.ReadNumber());
        var entries = new OutboxEntry<TMessage>[reader.ReadCount()];
        var first = kept.Next;
        for (var index = 0; index < entries.Length; index++)
        {
            var end = new FrameNumber(first.Value + reader.ReadNumber());
            var digestAfter = new MessageDigest(reader.ReadFixed());
            entries[index] = new OutboxEntry<TMessage>(first, end, FrameContentCodec.Read(ref reader, messages), digestAfter);
            first = end.Next;
        }

        return new(target, acknowledged, digest, last, sent, kept, [.. entries]) { MarkedUpTo = markedUpTo };
    }

    private RecordingChange<TState, TMessage> ReadRecording(ref RecordReader reader, ProcessId id, Epoch epoch, byte version)
    {
        var ordinal = reader.ReadNumber();
        var snapshot = new SnapshotNumber(reader.ReadNumber());
        var flags = reader.ReadByte();
        LocalReport<TState>? local = null;
        RequestChanges? requests = null;
        if ((flags & HasLocal) != 0)
        {
            var state = states.Read(ref reader, default);
            var keys = RequestMemory.Empty;
            if (version == Version) requests = RequestMemoryCodec.Read(ref reader);
            else keys = RequestMemoryCodec.ReadWhole(ref reader);
            var sent = ReadCounts(ref reader);
            local = new LocalReport<TState>(snapshot, epoch, id, state, [.. sent], [.. ReadCounts(ref reader)])
            {
                Requests = keys,
            };
        }

        var channels = new ChannelRecordingChange<TMessage>[reader.ReadCount()];
        for (var index = 0; index < channels.Length; index++)
        {
            var source = reader.ReadProcess();
            var delivered = new MessageCount(reader.ReadNumber());
            var status = (ChannelRecordingStatus)reader.ReadByte();
            var kept = checked((int)reader.ReadNumber());
            var recorded = new TMessage[reader.ReadCount()];
            for (var place = 0; place < recorded.Length; place++) recorded[place] = messages.General.Read(ref reader);
            channels[index] = new(source, delivered, status, kept, [.. recorded]);
        }

        return new(
            snapshot,
            local,
            (flags & KeepsLocal) != 0,
            [.. channels],
            (flags & HasOverflow) != 0,
            (flags & HasOverflowAccepted) != 0)
        {
            Ordinal = ordinal,
            Requests = requests,
        };
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
