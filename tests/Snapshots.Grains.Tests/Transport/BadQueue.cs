using System.Collections.Concurrent;
using Orleans.Streams;

namespace Snapshots.Grains.Tests;

/// <summary>
/// The way to the queues through a bad network: by turns, a call is lost, comes twice, is held back until others have
/// overtaken it, or is refused as by a queue that is full.
/// </summary>
internal sealed class BadQueue(FrameQueueAdapter inner) : IPacketSender
{
    private readonly ConcurrentDictionary<QueueId, InboxPacket[]> _late = new();
    private int _calls;
    private int _lost;
    private int _repeated;
    private int _overtaken;
    private int _refused;

    /// <summary>How often it did each.</summary>
    public (int Lost, int Repeated, int Overtaken, int Refused) Harm => (_lost, _repeated, _overtaken, _refused);

    /// <summary>Calls that it refuses before it takes another one.</summary>
    public int RefuseNext { get; set; }

    /// <summary>Whether it does any harm of its own accord.</summary>
    public bool IsBad { get; set; } = true;

    public QueueId QueueOf(StreamId inbox) => inner.QueueOf(inbox);

    public async Task<bool> TrySendAsync(QueueId queue, InboxPacket[] packets)
    {
        if (RefuseNext > 0)
        {
            RefuseNext--;
            return Refuse();
        }

        switch (IsBad ? Interlocked.Increment(ref _calls) % 7 : 0)
        {
            case 1:
                Interlocked.Increment(ref _lost);
                return true;
            case 2:
                Interlocked.Increment(ref _repeated);
                await inner.TrySendAsync(queue, packets);
                break;
            case 3 when _late.TryAdd(queue, packets):
                return true;
            case 4:
                return Refuse();
            default:
                break;
        }

        var taken = await inner.TrySendAsync(queue, packets);
        if (_late.TryRemove(queue, out var late))
        {
            Interlocked.Increment(ref _overtaken);
            await inner.TrySendAsync(queue, late);
        }

        return taken;
    }

    private bool Refuse()
    {
        Interlocked.Increment(ref _refused);
        return false;
    }
}
