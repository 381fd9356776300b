using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="SnapshotAnnouncement"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class SnapshotAnnouncementConverter : IConverter<SnapshotAnnouncement, SnapshotAnnouncementSurrogate>
{
    /// <inheritdoc/>
    public SnapshotAnnouncement ConvertFromSurrogate(in SnapshotAnnouncementSurrogate surrogate) =>
        new(new SnapshotNumber(surrogate.Highest), surrogate.Open.Select(number => new SnapshotNumber(number)));

    /// <inheritdoc/>
    public SnapshotAnnouncementSurrogate ConvertToSurrogate(in SnapshotAnnouncement value) => new()
    {
        Highest = value.Highest.Value,
        Open = [.. value.Open.Select(number => number.Value)],
    };
}
