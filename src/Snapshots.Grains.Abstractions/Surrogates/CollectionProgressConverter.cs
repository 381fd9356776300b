using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="CollectionProgress"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class CollectionProgressConverter : IConverter<CollectionProgress, CollectionProgressSurrogate>
{
    /// <inheritdoc/>
    public CollectionProgress ConvertFromSurrogate(in CollectionProgressSurrogate surrogate) => new(
        surrogate.ProcessesRecorded,
        surrogate.ProcessesExpected,
        surrogate.ChannelsClosed,
        surrogate.ChannelsExpected,
        [.. surrogate.WaitingFor]);

    /// <inheritdoc/>
    public CollectionProgressSurrogate ConvertToSurrogate(in CollectionProgress value) => new()
    {
        ProcessesRecorded = value.ProcessesRecorded,
        ProcessesExpected = value.ProcessesExpected,
        ChannelsClosed = value.ChannelsClosed,
        ChannelsExpected = value.ChannelsExpected,
        WaitingFor = [.. value.WaitingFor],
    };
}
