using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="FrameNumber"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class FrameNumberConverter : IConverter<FrameNumber, FrameNumberSurrogate>
{
    /// <inheritdoc/>
    public FrameNumber ConvertFromSurrogate(in FrameNumberSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public FrameNumberSurrogate ConvertToSurrogate(in FrameNumber value) => new() { Value = value.Value };
}
