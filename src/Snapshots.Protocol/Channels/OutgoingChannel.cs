using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Snapshots.Protocol;

/// <summary>
/// The sender's half of a channel: numbers frames, keeps each until it is acknowledged, and says when to send again.
/// </summary>
/// <remarks>
/// Invariant: the unacknowledged entries cover Acknowledged+1 … Last without gap or overlap, in order, and
/// <see cref="_record"/> is null or equal to the present state.
/// </remarks>
internal sealed class OutgoingChannel<TMessage> : Tracked<OutgoingChannel<TMessage>>
{
    private readonly RevisionCounter _revision;
    private readonly List<Kept> _unacknowledged;
    private OutgoingChannelRecord<TMessage>? _record;
    private FrameNumber _acknowledged;
    private MessageDigest _acknowledgedDigest;
    private FrameNumber _last;
    private long _pauseMs;

    public OutgoingChannel(ProcessId target, RevisionCounter revision)
        : this(new OutgoingChannelRecord<TMessage>(target, default, default, default, default, []), revision)
    {
    }

    /// <summary>A channel as it was persisted: its frames are of the present revision.</summary>
    public OutgoingChannel(OutgoingChannelRecord<TMessage> record, RevisionCounter revision)
    {
        _revision = revision;
        _record = record;
        Target = record.Target;
        Sent = record.Sent;
        _acknowledged = record.Acknowledged;
        _acknowledgedDigest = record.AcknowledgedDigest;
        _last = record.Last;
        _unacknowledged = [.. record.Unacknowledged.Select(entry => new Kept(entry, revision.Value))];
    }

    public ProcessId Target { get; }

    public MessageCount Sent { get; private set; }

    public FrameNumber Acknowledged => _acknowledged;

    public FrameNumber Last => _last;

    /// <summary>Whether the channel the other way is known to be open, too, where channels open in pairs.</summary>
    public bool IsPaired { get; set; }

    public int UnacknowledgedFrames => _unacknowledged.Count;

    /// <summary>When the oldest unacknowledged frame is due to be sent again; none while all is acknowledged.</summary>
    public Instant? ResendAt { get; private set; }

    private MessageDigest LastDigest => _unacknowledged.Count == 0 ? _acknowledgedDigest : _unacknowledged[^1].Entry.DigestAfter;

    /// <summary>The revision that the step under way makes.</summary>
    private long NextRevision => _revision.Value + 1;

    public OutgoingChannelRecord<TMessage> ToRecord() =>
        _record ??= new(Target, _acknowledged, _acknowledgedDigest, _last, Sent, EntriesFrom(0));

    /// <summary>The record, without the frames that are first in line and the same as at that revision.</summary>
    public OutgoingChannelRecord<TMessage> ToRecord(long since)
    {
        var same = 0;
        while (same < _unacknowledged.Count && _unacknowledged[same].ChangedAt <= since) same++;
        return same == 0
            ? ToRecord()
            : new(Target, _acknowledged, _acknowledgedDigest, _last, Sent, EntriesFrom(same)) { KeptUpTo = _unacknowledged[same - 1].Entry.Last };
    }

    public OutboxEntry<TMessage> EnqueueMessage(TMessage message, ulong fingerprint, Instant now, ProtocolLimits limits)
    {
        Sent = Sent.Next;
        return Enqueue(new MessageContent<TMessage>(Sent, message), LastDigest.Then(fingerprint), now, limits);
    }

    public OutboxEntry<TMessage> EnqueueMarker(SnapshotNumber snapshot, Instant now, ProtocolLimits limits) =>
        Enqueue(new MarkerContent<TMessage>(snapshot, Sent), LastDigest, now, limits);

    /// <summary>Drops what is acknowledged. An impossible acknowledgement changes nothing and is returned as a fault.</summary>
    public ChannelFault? Acknowledge(Acknowledgement acknowledgement, Instant now, ProtocolLimits limits)
    {
        var upTo = acknowledgement.UpTo;
        if (upTo > _last)
        {
            return new(acknowledgement.Channel, ChannelFaultKind.SenderWentBack, $"frame {upTo} acknowledged, {_last} sent");
        }

        if (upTo <= _acknowledged) return null; // An earlier acknowledgement that was overtaken: it says nothing new.

        // The receiver may have passed part of a run of void numbers as the markers that they once were.
        var index = 0;
        while (_unacknowledged[index].Entry.Last < upTo) index++;
        var (entry, changedAt) = _unacknowledged[index];
        if (entry.DigestAfter != acknowledgement.Digest)
        {
            return new(
                acknowledgement.Channel,
                ChannelFaultKind.DigestMismatch,
                $"messages up to frame {upTo}: delivered {acknowledgement.Digest}, sent {entry.DigestAfter}");
        }

        var passed = entry.Last == upTo ? index + 1 : index;
        _unacknowledged.RemoveRange(0, passed);
        if (entry.Last != upTo) _unacknowledged[0] = new(entry with { First = upTo.Next }, changedAt); // What is kept begins after what is acknowledged.
        _acknowledged = upTo;
        _acknowledgedDigest = entry.DigestAfter;
        _record = null;
        _pauseMs = limits.FirstResendPauseMs;
        ResendAt = _unacknowledged.Count == 0 ? null : now.After(_pauseMs);
        return null;
    }

    /// <summary>Turns the markers of ended snapshots into void numbers, each run into one entry.</summary>
    public bool VoidMarkers(SnapshotAnnouncement known)
    {
        var changed = false;
        var kept = 0;
        for (var index = 0; index < _unacknowledged.Count; index++)
        {
            var (entry, changedAt) = _unacknowledged[index];
            if (entry.Content is MarkerContent<TMessage> marker && known.HasEnded(marker.Snapshot))
            {
                entry = entry with { Content = new VoidContent<TMessage>() };
                changedAt = NextRevision;
                changed = true;
            }

            if (entry.Content is VoidContent<TMessage> && kept > 0 && _unacknowledged[kept - 1].Entry is { Content: VoidContent<TMessage> } run)
            {
                _unacknowledged[kept - 1] = new(run with { Last = entry.Last }, NextRevision);
            }
            else
            {
                _unacknowledged[kept++] = new(entry, changedAt);
            }
        }

        _unacknowledged.RemoveRange(kept, _unacknowledged.Count - kept);
        if (changed) _record = null;
        return changed;
    }

    /// <summary>The frames to send again when the time has come, and a longer pause until the next time.</summary>
    public IReadOnlyList<OutboxEntry<TMessage>> TakeDue(Instant now, ProtocolLimits limits)
    {
        if (ResendAt is not { } due || now < due) return [];
        var frames = _unacknowledged.Take(limits.MaxFramesPerResend).Select(kept => kept.Entry).ToList();
        _pauseMs = Math.Clamp(_pauseMs * 2, limits.FirstResendPauseMs, limits.MaxResendPauseMs);
        ResendAt = now.After(_pauseMs);
        return frames;
    }

    /// <summary>After a restart: what is unacknowledged is due at once.</summary>
    public void MakeDue(Instant now) => ResendAt = _unacknowledged.Count == 0 ? null : now;

    private OutboxEntry<TMessage> Enqueue(FrameContent<TMessage> content, MessageDigest digest, Instant now, ProtocolLimits limits)
    {
        _last = _last.Next;
        var entry = new OutboxEntry<TMessage>(_last, _last, content, digest);
        _unacknowledged.Add(new(entry, NextRevision));
        _record = null;
        if (ResendAt is null)
        {
            _pauseMs = limits.FirstResendPauseMs;
            ResendAt = now.After(_pauseMs);
        }

        return entry;
    }

    private ImmutableArray<OutboxEntry<TMessage>> EntriesFrom(int index)
    {
        var entries = new OutboxEntry<TMessage>[_unacknowledged.Count - index];
        for (var place = 0; place < entries.Length; place++) entries[place] = _unacknowledged[index + place].Entry;
        return ImmutableCollectionsMarshal.AsImmutableArray(entries);
    }

    /// <param name="Entry">A frame, or a run of void ones.</param>
    /// <param name="ChangedAt">The process's revision after it was put here, or made void.</param>
    private readonly record struct Kept(OutboxEntry<TMessage> Entry, long ChangedAt);
}
