using System.Collections.Immutable;

namespace Snapshots.Scripts;

/// <summary>What came of the story of the tokens.</summary>
/// <param name="Count">The tokens that there are, each of a colour of its own.</param>
/// <param name="Schedules">The schedules, each started anew.</param>
public sealed record TokenStoryResult(int Count, ImmutableArray<TokenSchedule> Schedules)
{
    /// <summary>The tokens that naive readings lost, over all schedules.</summary>
    public int NaiveLost => Schedules.Sum(schedule => schedule.NaiveLost);

    /// <summary>The tokens that naive readings saw more than once, over all schedules.</summary>
    public int NaiveTwice => Schedules.Sum(schedule => schedule.NaiveTwice);

    /// <summary>
    /// The tokens that a snapshot saw exactly once: the fewest of any schedule, so all of them only if all did.
    /// </summary>
    public int SnapshotTokens => Schedules.Min(schedule => schedule.SnapshotTokens);

    /// <summary>The tokens that snapshots saw in channels, over all schedules.</summary>
    public long SnapshotInChannels => Schedules.Sum(schedule => schedule.SnapshotInChannels);

    /// <summary>
    /// Whether what the story claims was so in this run: one naive reading lost tokens, one saw a token twice, every
    /// snapshot saw each token exactly once, some of them in channels, and none was made or lost in truth.
    /// </summary>
    public bool Holds =>
        Schedules.Any(schedule => schedule.NaiveLost > 0)
        && Schedules.Any(schedule => schedule.NaiveTwice > 0)
        && Schedules.All(schedule => schedule.SnapshotReading.Count == Count && schedule.SnapshotTokens == Count)
        && Schedules.All(schedule => schedule.Conserved)
        && SnapshotInChannels > 0;
}
