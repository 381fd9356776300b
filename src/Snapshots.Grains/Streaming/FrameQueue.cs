using System.Collections.Concurrent;
using Orleans.Streams;

namespace Snapshots.Grains;

/// <summary>
/// The packets of one stream queue that wait in this silo, by inbox. It is kept beside the grain that stands for the
/// queue in the cluster, so that a pulling agent of the same silo, and a sender, need no call to that grain.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class FrameQueue
{
    /// <summary>Packets from which on it refuses more.</summary>
    public const int MaxPackets = 16_384;

    /// <summary>Bytes of packets from which on it refuses more.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private Dictionary<StreamId, List<Packet>> _inboxes = [];
    private int _packets;
    private long _bytes;

    /// <summary>The number of the next batch.</summary>
    private long _next = 1;
    private bool _isHere;

    /// <summary>Whether the queue's grain is active in this silo, so that what is put here is taken.</summary>
    public bool IsHere => Volatile.Read(ref _isHere);

    /// <summary>The queue's grain becomes active here; the queue begins empty.</summary>
    public void Open()
    {
        lock (_lock)
        {
            (_inboxes, _packets, _bytes) = ([], 0, 0);
            _isHere = true;
        }
    }

    /// <summary>The queue's grain is no longer active here.</summary>
    public void Close() => Volatile.Write(ref _isHere, false);

    /// <summary>Adds packets; false, and none is added, when the queue is full.</summary>
    public bool TryPut(InboxPacket[] packets)
    {
        lock (_lock)
        {
            if (_packets >= MaxPackets || _bytes >= MaxBytes) return false;
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

/// <summary>The frame queues of one silo, by the name of the stream queue.</summary>
internal sealed class FrameQueues
{
    private readonly ConcurrentDictionary<string, FrameQueue> _queues = new();

    public FrameQueue Of(string queue) => _queues.GetOrAdd(queue, static _ => new FrameQueue());
}
