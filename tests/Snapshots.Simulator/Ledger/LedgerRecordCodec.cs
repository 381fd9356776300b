using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Writes the record of a simulated process to bytes and reads it back.</summary>
internal static class LedgerRecordCodec
{
    /// <summary>The record as it comes out of its bytes.</summary>
    public static ProcessRecord<LedgerState, LedgerMessage> Copy(ProcessRecord<LedgerState, LedgerMessage> record)
    {
        var writer = LedgerBytes.ForWriting();
        Write(writer, record);
        var copy = Read(writer.ToReader());
        writer.RequireEnd();
        return copy;
    }

    /// <summary>The bytes of a record; equal for records with equal content, and for no others.</summary>
    public static byte[] ToBytes(ProcessRecord<LedgerState, LedgerMessage> record)
    {
        var writer = LedgerBytes.ForWriting();
        Write(writer, record);
        return writer.ToArray();
    }

    private static void Write(LedgerBytes bytes, ProcessRecord<LedgerState, LedgerMessage> record)
    {
        bytes.Write(record.Id);
        bytes.Write(record.Epoch.Value);
        bytes.Write((record.Restore.Value * 2) + (record.IsClosed ? 1 : 0));
        bytes.Write(record.LastOrdinal);
        bytes.Write((record.Generation * 2) + (record.IsResting ? 1 : 0));
        bytes.Write(record.Damage);
        Write(bytes, record.State);
        Write(bytes, record.Requests);
        bytes.Write(record.Known.Highest.Value);
        bytes.Write(record.Known.Open.Count);
        foreach (var snapshot in record.Known.Open) bytes.Write(snapshot.Value);
        bytes.Write(record.Outgoing, Write);
        bytes.Write(record.Incoming, Write);
        bytes.Write(record.Recordings, Write);
    }

    private static ProcessRecord<LedgerState, LedgerMessage> Read(LedgerBytes bytes)
    {
        var id = bytes.ReadProcess();
        var epoch = new Epoch(bytes.ReadNumber());
        var (restore, lastOrdinal, rest, damage) = (bytes.ReadNumber(), bytes.ReadNumber(), bytes.ReadNumber(), bytes.ReadText());
        var (state, requests) = (ReadState(bytes), ReadRequests(bytes));
        var highest = new SnapshotNumber(bytes.ReadNumber());
        var open = new SnapshotNumber[bytes.ReadNumber()];
        for (var index = 0; index < open.Length; index++) open[index] = new(bytes.ReadNumber());
        var known = highest == default ? SnapshotAnnouncement.None : new SnapshotAnnouncement(highest, open);
        var outgoing = bytes.Read(ReadOutgoing);
        var incoming = bytes.Read(ReadIncoming);
        return new(id, epoch, state, requests, known, outgoing, incoming, bytes.Read(each => ReadRecording(each, id, epoch)))
        {
            LastOrdinal = lastOrdinal,
            Restore = new(restore / 2),
            IsClosed = restore % 2 == 1,
            Generation = rest / 2,
            IsResting = rest % 2 == 1,
            Damage = damage,
        };
    }

    private static void Write(LedgerBytes bytes, LedgerState state)
    {
        bytes.Write(state.Steps);
        bytes.Write(state.Own);
        bytes.Write(state.Received);
        bytes.Write(state.Deposited);
        bytes.Write(state.Outcomes.Length);
        foreach (var outcome in state.Outcomes) bytes.Write((outcome.Key * 2L) + (outcome.IsAccepted ? 1 : 0));
    }

    private static LedgerState ReadState(LedgerBytes bytes)
    {
        var (steps, own, received, deposited) = (bytes.ReadNumber(), bytes.ReadNumber(), bytes.ReadNumber(), bytes.ReadNumber());
        var outcomes = bytes.Read(static each =>
        {
            var packed = each.ReadNumber();
            return new LedgerOutcome((int)(packed / 2), packed % 2 == 1);
        });
        return new(steps, own, received, deposited, outcomes);
    }

    private static void Write(LedgerBytes bytes, RequestMemory requests)
    {
        var changes = requests.ChangesSince(RequestMemory.Empty);
        bytes.Write(changes.HorizonMs ?? -1);
        bytes.Write(changes.Timed.Added, Write);
        bytes.Write(changes.HandMade.Added, Write);
    }

    private static RequestMemory ReadRequests(LedgerBytes bytes)
    {
        var horizonMs = bytes.ReadNumber();
        var timed = bytes.Read(ReadRequest);
        return RequestMemory.Empty.Apply(
            new(horizonMs < 0 ? null : horizonMs, new([], timed), new([], bytes.Read(ReadRequest))));
    }

    private static void Write(LedgerBytes bytes, RememberedRequest request)
    {
        bytes.Write(unchecked((long)(ulong)(request.Key >> 64)));
        bytes.Write(unchecked((long)(ulong)request.Key));
        bytes.Write(request.TimeMs);
        bytes.Write(unchecked((long)request.Fingerprint));
        bytes.Write(request.Outcome, static (each, value) => each.Write((long)value));
    }

    private static RememberedRequest ReadRequest(LedgerBytes bytes)
    {
        var key = unchecked(new UInt128((ulong)bytes.ReadNumber(), (ulong)bytes.ReadNumber()));
        var (timeMs, fingerprint) = (bytes.ReadNumber(), unchecked((ulong)bytes.ReadNumber()));
        return new(key, timeMs, fingerprint, bytes.Read(static each => (byte)each.ReadNumber()));
    }

    private static void Write(LedgerBytes bytes, LedgerMessage message)
    {
        bytes.Write(message.Identity);
        bytes.Write(message.Amount);
    }

    private static LedgerMessage ReadMessage(LedgerBytes bytes)
    {
        var identity = bytes.ReadNumber();
        return new((int)(identity / 2), bytes.ReadNumber(), identity % 2 == 1);
    }

    private static void Write(LedgerBytes bytes, OutgoingChannelRecord<LedgerMessage> channel)
    {
        bytes.Write(channel.Target);
        bytes.Write(channel.Acknowledged.Value);
        bytes.Write(channel.AcknowledgedDigest);
        bytes.Write(channel.Last.Value);
        bytes.Write(channel.Sent.Value);
        bytes.Write(channel.Unacknowledged, Write);
        bytes.Write(channel.MarkedUpTo);
    }

    private static OutgoingChannelRecord<LedgerMessage> ReadOutgoing(LedgerBytes bytes) => new(
        bytes.ReadProcess(),
        new(bytes.ReadNumber()),
        bytes.ReadDigest(),
        new(bytes.ReadNumber()),
        new(bytes.ReadNumber()),
        bytes.Read(ReadEntry))
    {
        MarkedUpTo = bytes.ReadNumber(),
    };

    private static void Write(LedgerBytes bytes, OutboxEntry<LedgerMessage> entry)
    {
        bytes.Write(entry.First.Value);
        bytes.Write(entry.Last.Value);
        bytes.Write(entry.DigestAfter);
        switch (entry.Content)
        {
            case MessageContent<LedgerMessage> content:
                bytes.Write(1L);
                bytes.Write(content.Number.Value);
                Write(bytes, content.Message);
                break;
            case MarkerContent<LedgerMessage> content:
                bytes.Write(2L);
                bytes.Write(content.Snapshot.Value);
                bytes.Write(content.SentBefore.Value);
                break;
            default:
                bytes.Write(3L);
                break;
        }
    }

    private static OutboxEntry<LedgerMessage> ReadEntry(LedgerBytes bytes)
    {
        var (first, last, digest) = (new FrameNumber(bytes.ReadNumber()), new FrameNumber(bytes.ReadNumber()), bytes.ReadDigest());
        FrameContent<LedgerMessage> content = bytes.ReadNumber() switch
        {
            1 => new MessageContent<LedgerMessage>(new(bytes.ReadNumber()), ReadMessage(bytes)),
            2 => new MarkerContent<LedgerMessage>(new(bytes.ReadNumber()), new(bytes.ReadNumber())),
            _ => new VoidContent<LedgerMessage>(),
        };
        return new(first, last, content, digest);
    }

    private static void Write(LedgerBytes bytes, IncomingChannelRecord channel)
    {
        bytes.Write(channel.Source);
        bytes.Write(channel.Delivered.Value);
        bytes.Write(channel.Messages.Value);
        bytes.Write(channel.Digest);
    }

    private static IncomingChannelRecord ReadIncoming(LedgerBytes bytes) =>
        new(bytes.ReadProcess(), new(bytes.ReadNumber()), new(bytes.ReadNumber()), bytes.ReadDigest());

    private static void Write(LedgerBytes bytes, RecordingRecord<LedgerState, LedgerMessage> recording)
    {
        bytes.Write(recording.Snapshot.Value);
        bytes.Write(recording.Ordinal);
        bytes.Write((recording.Overflow ? 1L : 0) + (recording.OverflowAccepted ? 2 : 0) + (recording.Local is null ? 0 : 4));
        bytes.Write(recording.Channels, Write);
        if (recording.Local is not { } local) return;
        Write(bytes, local.State);
        Write(bytes, local.Requests);
        bytes.Write(local.Sent, Write);
        bytes.Write(local.Delivered, Write);
    }

    private static RecordingRecord<LedgerState, LedgerMessage> ReadRecording(LedgerBytes bytes, ProcessId process, Epoch epoch)
    {
        var (snapshot, ordinal) = (new SnapshotNumber(bytes.ReadNumber()), bytes.ReadNumber());
        var flags = bytes.ReadNumber();
        var channels = bytes.Read(ReadChannelRecording);
        var local = (flags & 4) == 0
            ? null
            : ReadLocal(bytes, snapshot, process, epoch);
        return new(snapshot, local, channels, (flags & 1) != 0, (flags & 2) != 0) { Ordinal = ordinal };
    }

    private static LocalReport<LedgerState> ReadLocal(
        LedgerBytes bytes, SnapshotNumber snapshot, ProcessId process, Epoch epoch)
    {
        var (state, requests) = (ReadState(bytes), ReadRequests(bytes));
        return new(snapshot, epoch, process, state, bytes.Read(ReadCount), bytes.Read(ReadCount)) { Requests = requests };
    }

    private static void Write(LedgerBytes bytes, ChannelRecordingRecord<LedgerMessage> channel)
    {
        bytes.Write(channel.Source);
        bytes.Write(channel.DeliveredBefore.Value);
        bytes.Write((long)channel.Status);
        bytes.Write(channel.Messages, Write);
    }

    private static ChannelRecordingRecord<LedgerMessage> ReadChannelRecording(LedgerBytes bytes) =>
        new(bytes.ReadProcess(), new(bytes.ReadNumber()), (ChannelRecordingStatus)bytes.ReadNumber(), bytes.Read(ReadMessage));

    private static void Write(LedgerBytes bytes, ChannelCount count)
    {
        bytes.Write(count.Peer);
        bytes.Write(count.Count.Value);
    }

    private static ChannelCount ReadCount(LedgerBytes bytes) => new(bytes.ReadProcess(), new(bytes.ReadNumber()));
}
