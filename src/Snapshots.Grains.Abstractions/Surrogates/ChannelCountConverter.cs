using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="ChannelCount"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class ChannelCountConverter : IConverter<ChannelCount, ChannelCountSurrogate>
{
    /// <inheritdoc/>
    public ChannelCount ConvertFromSurrogate(in ChannelCountSurrogate surrogate) =>
        new(new ProcessId(surrogate.Peer), new MessageCount(surrogate.Count));

    /// <inheritdoc/>
    public ChannelCountSurrogate ConvertToSurrogate(in ChannelCount value) =>
        new() { Peer = value.Peer.Value, Count = value.Count.Value };
}
