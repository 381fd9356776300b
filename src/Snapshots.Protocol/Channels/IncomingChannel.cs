namespace Snapshots.Protocol;

/// <summary>
/// The receiver's half of a channel: in order, each frame once, out of a bounded hold-back buffer.
/// </summary>
/// <remarks>
/// Invariant: every frame held back starts after Delivered+1; there are at most
/// <see cref="ProtocolLimits.MaxHeldBackFrames"/>.
/// </remarks>
internal sealed class IncomingChannel<TMessage> : IChangingPart
{
    private readonly SortedDictionary<FrameNumber, Frame<TMessage>> _heldBack = [];
    private IncomingChannelRecord? _record;

    public IncomingChannel(ProcessId source)
        : this(new IncomingChannelRecord(source, default, default, default))
    {
    }

    public IncomingChannel(IncomingChannelRecord record)
    {
        _record = record;
        Source = record.Source;
        Delivered = record.Delivered;
        Messages = record.Messages;
        Digest = record.Digest;
    }

    public bool IsChanged { get; set; }

    public ProcessId Source { get; }

    public FrameNumber Delivered { get; private set; }

    public MessageCount Messages { get; private set; }

    public MessageDigest Digest { get; private set; }

    public int HeldBack => _heldBack.Count;

    /// <inheritdoc cref="OutgoingChannel{TMessage}.IsPaired"/>
    public bool IsPaired { get; set; }

    /// <summary>Whether its process has noted that it is to be acknowledged.</summary>
    public bool IsToAcknowledge { get; set; }

    public IncomingChannelRecord ToRecord() => _record ??= new(Source, Delivered, Messages, Digest);

    /// <summary>Whether every number of the frame has been delivered before.</summary>
    public bool IsDuplicate(Frame<TMessage> frame) => frame.Last <= Delivered;

    /// <summary>Whether the frame is the next one; a run of void numbers may have been passed in part.</summary>
    public bool IsNext(Frame<TMessage> frame) => frame.First <= Delivered.Next && frame.Last > Delivered;

    /// <summary>Keeps an early frame. False when the buffer is full: the frame is dropped, and comes again.</summary>
    public bool HoldBack(Frame<TMessage> frame, ProtocolLimits limits)
    {
        if (_heldBack.TryGetValue(frame.First, out var held) && held.Last >= frame.Last) return true;
        if (held is null && _heldBack.Count >= limits.MaxHeldBackFrames) return false;
        _heldBack[frame.First] = frame;
        return true;
    }

    /// <summary>
    /// Takes the held-back frame that is next, if there is one, and drops those that have become duplicates.
    /// </summary>
    public Frame<TMessage>? TakeNextHeldBack()
    {
        while (_heldBack.Count > 0)
        {
            var first = _heldBack.First().Value;
            if (first.First > Delivered.Next) return null;
            _heldBack.Remove(first.First);
            if (IsNext(first)) return first;
        }

        return null;
    }

    /// <summary>Passes a frame that carries no message.</summary>
    public void Pass(FrameNumber upTo)
    {
        Delivered = upTo;
        _record = null;
    }

    /// <summary>Counts a message that a restore delivers without a frame.</summary>
    public void CountMessage() => (Messages, _record) = (Messages.Next, null);

    /// <summary>Counts a frame that carries a message.</summary>
    public void PassMessage(FrameNumber upTo, ulong fingerprint)
    {
        Pass(upTo);
        Messages = Messages.Next;
        Digest = Digest.Then(fingerprint);
    }
}
