using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="Epoch"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class EpochConverter : IConverter<Epoch, EpochSurrogate>
{
    /// <inheritdoc/>
    public Epoch ConvertFromSurrogate(in EpochSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public EpochSurrogate ConvertToSurrogate(in Epoch value) => new() { Value = value.Value };
}
