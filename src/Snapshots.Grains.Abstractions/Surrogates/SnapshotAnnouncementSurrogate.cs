using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="SnapshotAnnouncement"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.announcement")]
internal struct SnapshotAnnouncementSurrogate
{
    /// <summary>The highest number given out.</summary>
    [Id(0)]
    public long Highest;

    /// <summary>The open numbers, in order.</summary>
    [Id(1)]
    public long[] Open;
}
