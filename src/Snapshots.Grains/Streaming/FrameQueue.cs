using System.Collections.Concurrent;
using Orleans.Streams;

namespace Snapshots.Grains;

/// <summary>
/// The packets of one stream queue that wait in this silo, by inbox. It is kept beside the grain that stands for the
/// queue in the cluster, so that a pulling agent of the same silo, and a sender, need no call to that grain.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class FrameQueue(TimeProvider time)
{
    /// <summary>Packets from which on it refuses more.</summary>
    public const int MaxPackets = 16_384;

    /// <summary>Bytes of packets from which on it refuses more.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>After so long without a look of a reader the queue counts as forgotten.</summary>
    public static readonly TimeSpan MaxUnread = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Dictionary<StreamId, List<Packet>> _inboxes = [];
    private int _packets;
    private long _bytes;
    private long _lookedAt = time.GetTimestamp();

    /// <summary>The number of the next batch.</summary>
    private long _next = 1;
    private bool _isClosed;

    /// <summary>Whether the queue's grain is active in this silo, so that what is put here is taken.</summary>
    public bool IsOpen => !Volatile.Read(ref _isClosed);

    /// <summary>
    /// Whether no reader has looked for long. Where a cluster has two activations of a queue for a while, the reader
    /// reads one of them, and nothing ever takes what the other one gets.
    /// </summary>
    public bool IsForgotten => time.GetElapsedTime(Volatile.Read(ref _lookedAt)) > MaxUnread;

    /// <summary>The queue's grain is no longer active here: the queue takes no more packets.</summary>
    public void Close() => Volatile.Write(ref _isClosed, true);

    /// <summary>Adds packets; false, and none is added, when the queue is full, closed or forgotten.</summary>
    public bool TryPut(InboxPacket[] packets)
    {
        lock (_lock)
        {
            if (!IsOpen || IsForgotten || _packets >= MaxPackets || _bytes >= MaxBytes) return false;
            foreach (var (inbox, packet) in packets)
            {
                if (_inboxes.TryGetValue(inbox, out var waiting)) waiting.Add(packet);
                else _inboxes.Add(inbox, [packet]);
                _bytes += packet.Body.Length;
            }

            _packets += packets.Length;
            return true;
        }
    }

    /// <summary>Takes all that waits, one batch for each inbox.</summary>
    public IList<IBatchContainer> TakeAll()
    {
        Dictionary<StreamId, List<Packet>> inboxes;
        long number;
        lock (_lock)
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
            if (_packets == 0) return [];
            inboxes = _inboxes;
            number = _next;
            _next += inboxes.Count;
            (_inboxes, _packets, _bytes) = ([], 0, 0);
        }

        var batches = new List<IBatchContainer>(inboxes.Count);
        foreach (var (inbox, packets) in inboxes) batches.Add(new FrameBatch(inbox, packets, number++));
        return batches;
    }
}

/// <summary>The frame queues whose grains are active in one silo, by the name of the stream queue.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class FrameQueues(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, FrameQueue> _queues = new();

    /// <summary>
    /// The queue, if it is open here and has a reader; else its grain is to be called.
    /// </summary>
    public FrameQueue? Here(string queue) =>
        _queues.TryGetValue(queue, out var here) && here is { IsOpen: true, IsForgotten: false } ? here : null;

    /// <summary>The queue's grain becomes active here, with an empty queue in the place of an earlier one.</summary>
    public FrameQueue Open(string queue)
    {
        var opened = new FrameQueue(time);
        _queues[queue] = opened;
        return opened;
    }
}
