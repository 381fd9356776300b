using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="ChannelCount"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.channel-count")]
internal struct ChannelCountSurrogate
{
    /// <summary>The process at the other end.</summary>
    [Id(0)]
    public string Peer;

    /// <summary>Messages sent or delivered.</summary>
    [Id(1)]
    public long Count;
}
