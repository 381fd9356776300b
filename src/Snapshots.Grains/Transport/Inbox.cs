using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// What waits in this silo for one process, until a call takes it to the queue of its inbox. An inbox in which nothing
/// waits is retired and takes nothing more: else a silo would keep one for every process that it ever sent to.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="target">The process.</param>
/// <param name="stream">Its inbox stream.</param>
/// <param name="queue">The queue of that stream.</param>
/// <param name="maxPerPacket">Frames, and acknowledgements, that one packet carries at most.</param>
/// <param name="time">For the wait of acknowledgements.</param>
internal sealed class Inbox<TMessage>(
    ProcessId target, StreamId stream, QueueId queue, int maxPerPacket, TimeProvider time)
    where TMessage : notnull
{
    /// <summary>
    /// Frames that may wait. The windows bound first transmissions; this bounds what is sent again meanwhile.
    /// </summary>
    public const int MaxWaiting = 65_536;

    /// <summary>How long acknowledgements wait for a frame to travel with.</summary>
    public static readonly TimeSpan AcknowledgementPause = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private readonly Queue<Frame<TMessage>> _frames = [];
    private readonly Dictionary<ChannelId, Acknowledgement> _acknowledgements = [];
    private readonly List<EpochNotice> _notices = [];

    /// <summary>When the first of the acknowledgements came that wait.</summary>
    private long _acknowledgedAt;
    private bool _isListed;
    private bool _isRetired;

    /// <summary>The process.</summary>
    public ProcessId Target => target;

    /// <summary>Its inbox stream.</summary>
    public StreamId Stream => stream;

    /// <summary>The queue of that stream.</summary>
    public QueueId Queue => queue;

    /// <summary>Adds a frame.</summary>
    public Added Add(Frame<TMessage> frame)
    {
        lock (_lock)
        {
            if (_isRetired) return Added.Retired;
            if (_frames.Count >= MaxWaiting) return Added.Dropped;
            _frames.Enqueue(frame);
            return List();
        }
    }

    /// <summary>
    /// Adds an acknowledgement. Acknowledgements are cumulative, so the highest of a channel stands for all.
    /// </summary>
    public Added Add(Acknowledgement acknowledgement)
    {
        lock (_lock)
        {
            if (_isRetired) return Added.Retired;
            if (_acknowledgements.Count == 0) _acknowledgedAt = time.GetTimestamp();
            if (_acknowledgements.TryGetValue(acknowledgement.Channel, out var waiting)
                && waiting.Epoch == acknowledgement.Epoch
                && waiting.UpTo > acknowledgement.UpTo) return Added.Waits;
            _acknowledgements[acknowledgement.Channel] = acknowledgement;
            return List();
        }
    }

    /// <summary>Adds a notice.</summary>
    public Added Add(EpochNotice notice)
    {
        lock (_lock)
        {
            if (_isRetired) return Added.Retired;
            if (!_notices.Contains(notice)) _notices.Add(notice);
            return List();
        }
    }

    /// <summary>
    /// Takes what the next packet carries. None while acknowledgements alone wait for company, and none when nothing
    /// waits: then the inbox is retired.
    /// </summary>
    public PacketContent<TMessage>? Take(out bool isRetired)
    {
        lock (_lock)
        {
            isRetired = _isRetired = _frames.Count == 0 && _acknowledgements.Count == 0 && _notices.Count == 0;
            if (isRetired || IsForCompany) return null;
            var frames = new Frame<TMessage>[Math.Min(_frames.Count, maxPerPacket)];
            for (var index = 0; index < frames.Length; index++) frames[index] = _frames.Dequeue();
            var content = new PacketContent<TMessage>(frames, TakeAcknowledgements(), [.. _notices]);
            _notices.Clear();
            return content;
        }
    }

    private bool IsForCompany =>
        _frames.Count == 0 && _notices.Count == 0 && time.GetElapsedTime(_acknowledgedAt) < AcknowledgementPause;

    private Added List()
    {
        var added = _isListed ? Added.Waits : Added.First;
        _isListed = true;
        return added;
    }

    private Acknowledgement[] TakeAcknowledgements()
    {
        if (_acknowledgements.Count > maxPerPacket)
        {
            var some = _acknowledgements.Values.Take(maxPerPacket).ToArray();
            foreach (var acknowledgement in some) _acknowledgements.Remove(acknowledgement.Channel);
            return some;
        }

        Acknowledgement[] all = [.. _acknowledgements.Values];
        _acknowledgements.Clear();
        return all;
    }
}

/// <summary>What became of an item that was added to an <see cref="Inbox{TMessage}"/>.</summary>
internal enum Added
{
    /// <summary>The inbox is retired; nothing was added.</summary>
    Retired,

    /// <summary>It is the first one: the inbox has to be listed with its queue.</summary>
    First,

    /// <summary>It waits with others.</summary>
    Waits,

    /// <summary>Too many wait; it was dropped.</summary>
    Dropped,
}
