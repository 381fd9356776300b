using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The schedule of an application as it stands.</summary>
/// <param name="Schedule">What was set.</param>
/// <param name="NextAtMs">
/// When its next snapshot begins, in milliseconds since 1970, by the clock of the index's silo.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.schedule-view")]
public sealed record ScheduleView([property: Id(0)] SnapshotSchedule Schedule, [property: Id(1)] long NextAtMs)
{
    /// <summary>When its next snapshot begins.</summary>
    public DateTimeOffset NextAt => DateTimeOffset.FromUnixTimeMilliseconds(NextAtMs);
}
