using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="HeardCounts"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class HeardCountsConverter : IConverter<HeardCounts, HeardCountsSurrogate>
{
    /// <inheritdoc/>
    public HeardCounts ConvertFromSurrogate(in HeardCountsSurrogate surrogate) => new(surrogate.Life, surrogate.Count);

    /// <inheritdoc/>
    public HeardCountsSurrogate ConvertToSurrogate(in HeardCounts value) => new() { Life = value.Life, Count = value.Count };
}
