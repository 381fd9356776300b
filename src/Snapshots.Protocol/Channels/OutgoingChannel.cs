using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Snapshots.Protocol;

/// <summary>
/// The sender's half of a channel: numbers frames, keeps each until it is acknowledged, and says when to send again.
/// </summary>
/// <remarks>
/// Invariant: the unacknowledged entries cover Acknowledged+1 … Last without gap or overlap, in order; the first
/// <see cref="_taken"/> of them are as the last change told; <see cref="_record"/> is null or equal to the present
/// state.
/// </remarks>
internal sealed class OutgoingChannel<TMessage> : IChangingPart
{
    private readonly List<OutboxEntry<TMessage>> _unacknowledged;

    /// <summary>How many of the first unacknowledged entries the journal has.</summary>
    private int _taken;
    private OutgoingChannelRecord<TMessage>? _record;
    private FrameNumber _acknowledged;
    private MessageDigest _acknowledgedDigest;
    private FrameNumber _last;
    private FrameNumber _lastMessage;
    private int _resends;

    public OutgoingChannel(ProcessId target)
        : this(new OutgoingChannelRecord<TMessage>(target, default, default, default, default, []))
    {
    }

    /// <summary>Makes a channel as it was persisted.</summary>
    public OutgoingChannel(OutgoingChannelRecord<TMessage> record)
    {
        _record = record;
        Target = record.Target;
        Sent = record.Sent;
        _acknowledged = record.Acknowledged;
        _acknowledgedDigest = record.AcknowledgedDigest;
        _last = record.Last;
        MarkedUpTo = record.MarkedUpTo;
        _unacknowledged = [.. record.Unacknowledged];
        _lastMessage = _unacknowledged.FindLast(static entry => entry.Content is MessageContent<TMessage>)?.Last ?? default;
        _taken = _unacknowledged.Count;
    }

    public bool IsChanged { get; set; }

    public ProcessId Target { get; }

    public MessageCount Sent { get; private set; }

    public FrameNumber Acknowledged => _acknowledged;

    public FrameNumber Last => _last;

    /// <summary>Whether the channel the other way is known to be open, too, where channels open in pairs.</summary>
    public bool IsPaired { get; set; }

    /// <inheritdoc cref="OutgoingChannelRecord{TMessage}.MarkedUpTo"/>
    public long MarkedUpTo { get; private set; }

    public int UnacknowledgedFrames => _unacknowledged.Count;

    /// <summary>Whether a message, not only markers, waits for its acknowledgement.</summary>
    public bool HasUnacknowledgedMessage => _lastMessage > _acknowledged;

    /// <summary>When the oldest unacknowledged frame is due to be sent again; none while all is acknowledged.</summary>
    public Instant? ResendAt { get; private set; }

    public IEnumerable<TMessage> UnacknowledgedMessages =>
        _unacknowledged.Select(entry => entry.Content).OfType<MessageContent<TMessage>>().Select(content => content.Message);

    private MessageDigest LastDigest => _unacknowledged.Count == 0 ? _acknowledgedDigest : _unacknowledged[^1].DigestAfter;

    public OutgoingChannelRecord<TMessage> ToRecord() =>
        _record ??= new(Target, _acknowledged, _acknowledgedDigest, _last, Sent, EntriesFrom(0)) { MarkedUpTo = MarkedUpTo };

    /// <summary>Returns what has changed since the last call; frames that are as that call told are left out.</summary>
    public OutgoingChannelChange<TMessage> TakeChange()
    {
        var kept = _taken == 0 ? _acknowledged : _unacknowledged[_taken - 1].Last;
        var change = new OutgoingChannelChange<TMessage>(
            Target, _acknowledged, _acknowledgedDigest, _last, Sent, kept, EntriesFrom(_taken))
        {
            MarkedUpTo = MarkedUpTo,
        };
        _taken = _unacknowledged.Count;
        return change;
    }

    /// <summary>Notes that the journal has all of it.</summary>
    public void Taken() => _taken = _unacknowledged.Count;

    public OutboxEntry<TMessage> EnqueueMessage(TMessage message, ulong fingerprint, Instant now, ProtocolLimits limits)
    {
        Sent = Sent.Next;
        var entry = Enqueue(new MessageContent<TMessage>(Sent, message), LastDigest.Then(fingerprint), now, limits);
        _lastMessage = entry.Last;
        return entry;
    }

    /// <summary>Adds the marker of the recording with that ordinal.</summary>
    public OutboxEntry<TMessage> EnqueueMarker(SnapshotNumber snapshot, long ordinal, Instant now, ProtocolLimits limits)
    {
        MarkedUpTo = Math.Max(MarkedUpTo, ordinal);
        return Enqueue(new MarkerContent<TMessage>(snapshot, Sent), LastDigest, now, limits);
    }

    /// <summary>Whether an acknowledgement says nothing new: a later one has overtaken it.</summary>
    public bool IsOvertaken(Acknowledgement acknowledgement) => acknowledgement.UpTo <= _acknowledged;

    /// <summary>What makes an acknowledgement impossible; null if it is possible.</summary>
    public ChannelFault? FindFault(Acknowledgement acknowledgement)
    {
        var upTo = acknowledgement.UpTo;
        if (upTo > _last)
        {
            return new(acknowledgement.Channel, ChannelFaultKind.SenderWentBack, $"frame {upTo} acknowledged, {_last} sent");
        }

        if (IsOvertaken(acknowledgement)) return null;
        var sent = _unacknowledged[IndexOf(upTo)].DigestAfter;
        return sent == acknowledgement.Digest ? null : new(
            acknowledgement.Channel,
            ChannelFaultKind.DigestMismatch,
            $"messages up to frame {upTo}: delivered {acknowledgement.Digest}, sent {sent}");
    }

    /// <summary>Drops what is acknowledged, by one that is possible and not overtaken.</summary>
    public void Acknowledge(FrameNumber upTo, Instant now, ProtocolLimits limits)
    {
        var index = IndexOf(upTo);
        var entry = _unacknowledged[index];
        var passed = entry.Last == upTo ? index + 1 : index;
        _unacknowledged.RemoveRange(0, passed);
        _taken = Math.Max(0, _taken - passed);
        if (entry.Last != upTo) _unacknowledged[0] = entry with { First = upTo.Next }; // The rest begins after what is acknowledged.
        _acknowledged = upTo;
        _acknowledgedDigest = entry.DigestAfter;
        _record = null;
        _resends = 0;
        ResendAt = _unacknowledged.Count == 0 ? null : now.After(limits.ResendPause.PauseMs(0));
    }

    /// <summary>Turns the markers of ended snapshots into void numbers, each run into one entry.</summary>
    public bool VoidMarkers(SnapshotAnnouncement known)
    {
        var changed = false;
        var kept = 0;
        for (var index = 0; index < _unacknowledged.Count; index++)
        {
            var entry = _unacknowledged[index];
            if (entry.Content is MarkerContent<TMessage> marker && known.HasEnded(marker.Snapshot))
            {
                entry = entry with { Content = new VoidContent<TMessage>() };
                if (!changed) _taken = Math.Min(_taken, Math.Max(0, kept - 1)); // It may join the run before it.
                changed = true;
            }

            if (entry.Content is VoidContent<TMessage> && kept > 0 && _unacknowledged[kept - 1] is { Content: VoidContent<TMessage> } run)
            {
                _unacknowledged[kept - 1] = run with { Last = entry.Last };
            }
            else
            {
                _unacknowledged[kept++] = entry;
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
        var frames = _unacknowledged.Take(limits.MaxFramesPerResend).ToList();
        if (_resends < int.MaxValue) _resends++;
        ResendAt = now.After(limits.ResendPause.PauseMs(_resends));
        return frames;
    }

    /// <summary>After a restart: what is unacknowledged is due at once, and then again after the first pause.</summary>
    public void MakeDue(Instant now) => (_resends, ResendAt) = (-1, _unacknowledged.Count == 0 ? null : now);

    /// <summary>
    /// The place of the frame with that number. It may be inside a run of void numbers: the receiver may have passed
    /// part of them as the markers that they once were.
    /// </summary>
    private int IndexOf(FrameNumber number) => _unacknowledged.FindIndex(entry => entry.Last >= number);

    private OutboxEntry<TMessage> Enqueue(FrameContent<TMessage> content, MessageDigest digest, Instant now, ProtocolLimits limits)
    {
        _last = _last.Next;
        var entry = new OutboxEntry<TMessage>(_last, _last, content, digest);
        _unacknowledged.Add(entry);
        _record = null;
        if (ResendAt is null)
        {
            _resends = 0;
            ResendAt = now.After(limits.ResendPause.PauseMs(0));
        }

        return entry;
    }

    private ImmutableArray<OutboxEntry<TMessage>> EntriesFrom(int index)
    {
        var entries = new OutboxEntry<TMessage>[_unacknowledged.Count - index];
        _unacknowledged.CopyTo(index, entries, 0, entries.Length);
        return ImmutableCollectionsMarshal.AsImmutableArray(entries);
    }
}
