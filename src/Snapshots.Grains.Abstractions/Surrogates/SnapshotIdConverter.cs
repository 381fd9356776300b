using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="SnapshotId"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class SnapshotIdConverter : IConverter<SnapshotId, SnapshotIdSurrogate>
{
    /// <inheritdoc/>
    public SnapshotId ConvertFromSurrogate(in SnapshotIdSurrogate surrogate) => surrogate.Value is { Length: > 0 } ? new(surrogate.Value) : default;

    /// <inheritdoc/>
    public SnapshotIdSurrogate ConvertToSurrogate(in SnapshotId value) => new() { Value = value.Value };
}
