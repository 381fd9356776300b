using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Snapshots.Grains;

/// <summary>
/// Some packets for one inbox, in the order in which they came: what a pulling agent hands to the inbox's process.
/// </summary>
/// <remarks>Not changed once it has been handed out.</remarks>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.frame-batch")]
internal sealed class FrameBatch : IBatchContainer
{
    [Id(0)]
    private readonly List<Packet> _packets;
    [Id(1)]
    private readonly EventSequenceTokenV2 _token;

    public FrameBatch(StreamId inbox, List<Packet> packets, long number)
    {
        StreamId = inbox;
        _packets = packets;
        _token = new EventSequenceTokenV2(number);
    }

    /// <inheritdoc/>
    [Id(2)]
    public StreamId StreamId { get; }

    /// <inheritdoc/>
    public StreamSequenceToken SequenceToken => _token;

    /// <summary>The packets; not to be changed.</summary>
    public List<Packet> Packets => _packets;

    /// <summary>One batch of the packets of several of the same inbox, in their order.</summary>
    public static FrameBatch Join(ReadOnlySpan<FrameBatch> batches)
    {
        var packets = new List<Packet>();
        foreach (var batch in batches) packets.AddRange(batch.Packets);
        return new FrameBatch(batches[0].StreamId, packets, batches[^1]._token.SequenceNumber);
    }

    /// <inheritdoc/>
    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        foreach (var packet in _packets)
        {
            if (packet is T wanted) yield return Tuple.Create<T, StreamSequenceToken>(wanted, _token);
        }
    }

    /// <summary>Packets carry no context of a request.</summary>
    public bool ImportRequestContext() => false;
}
