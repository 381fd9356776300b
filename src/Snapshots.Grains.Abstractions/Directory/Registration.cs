using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The directory's answer to a process that registers.</summary>
/// <param name="Epoch">The epoch to live in.</param>
/// <param name="Announcement">Which snapshots are open.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.registration")]
public sealed record Registration([property: Id(0)] Epoch Epoch, [property: Id(1)] SnapshotAnnouncement Announcement);
