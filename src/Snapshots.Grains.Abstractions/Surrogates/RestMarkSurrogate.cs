using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="RestMark"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.rest-mark")]
internal struct RestMarkSurrogate
{
    /// <summary>See <see cref="RestMark.Epoch"/>.</summary>
    [Id(0)]
    public long Epoch;

    /// <summary>See <see cref="RestMark.Generation"/>.</summary>
    [Id(1)]
    public long Generation;
}

/// <summary>Converts <see cref="RestMark"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestMarkConverter : IConverter<RestMark, RestMarkSurrogate>
{
    /// <inheritdoc/>
    public RestMark ConvertFromSurrogate(in RestMarkSurrogate surrogate) => new(new(surrogate.Epoch), surrogate.Generation);

    /// <inheritdoc/>
    public RestMarkSurrogate ConvertToSurrogate(in RestMark value) => new() { Epoch = value.Epoch.Value, Generation = value.Generation };
}
