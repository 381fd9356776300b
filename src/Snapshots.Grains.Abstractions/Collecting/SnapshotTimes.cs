using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wall times of a snapshot as points in time.</summary>
public static class SnapshotTimes
{
    extension(SnapshotSummary summary)
    {
        /// <summary>When it began, by the clock of the index's silo.</summary>
        public DateTimeOffset StartedAt => DateTimeOffset.FromUnixTimeMilliseconds(summary.StartedAtMs);

        /// <summary>
        /// When it ended, by the clock of the collector's silo and never before its start; none while it runs.
        /// </summary>
        public DateTimeOffset? EndedAt =>
            summary.EndedAtMs is { } endedAtMs ? DateTimeOffset.FromUnixTimeMilliseconds(endedAtMs) : null;
    }
}
