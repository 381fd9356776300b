using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="SnapshotNumber"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class SnapshotNumberConverter : IConverter<SnapshotNumber, SnapshotNumberSurrogate>
{
    /// <inheritdoc/>
    public SnapshotNumber ConvertFromSurrogate(in SnapshotNumberSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public SnapshotNumberSurrogate ConvertToSurrogate(in SnapshotNumber value) => new() { Value = value.Value };
}
