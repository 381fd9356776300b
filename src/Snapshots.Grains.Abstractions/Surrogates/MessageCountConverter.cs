using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="MessageCount"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class MessageCountConverter : IConverter<MessageCount, MessageCountSurrogate>
{
    /// <inheritdoc/>
    public MessageCount ConvertFromSurrogate(in MessageCountSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public MessageCountSurrogate ConvertToSurrogate(in MessageCount value) => new() { Value = value.Value };
}
