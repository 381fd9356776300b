using System.Collections.Immutable;

namespace Snapshots.Scripts;

/// <summary>What came of one schedule of the story of the tokens.</summary>
/// <param name="Title">What the schedule shows, in a few words.</param>
/// <param name="Events">What happened, one line each, in order.</param>
/// <param name="NaiveReading">
/// How often the naive reading saw each colour; a colour that it lost stands there with 0.
/// </param>
/// <param name="SnapshotReading">How often the snapshot saw each colour; 0 as above.</param>
/// <param name="Places">Where the snapshot saw each token: first the processes, then the channels.</param>
/// <param name="Conserved">Whether the processes held every token exactly once when the schedule was over.</param>
public sealed record TokenSchedule(
    string Title,
    ImmutableArray<string> Events,
    ImmutableSortedDictionary<string, long> NaiveReading,
    ImmutableSortedDictionary<string, long> SnapshotReading,
    ImmutableArray<TokenPlace> Places,
    bool Conserved)
{
    /// <summary>The tokens that the naive reading did not see.</summary>
    public int NaiveLost => NaiveReading.Values.Count(seen => seen == 0);

    /// <summary>The tokens that the naive reading saw more than once.</summary>
    public int NaiveTwice => NaiveReading.Values.Count(seen => seen > 1);

    /// <summary>The tokens that the snapshot saw exactly once.</summary>
    public int SnapshotTokens => SnapshotReading.Values.Count(seen => seen == 1);

    /// <summary>The tokens that the snapshot saw in channels.</summary>
    public long SnapshotInChannels => Places.Where(place => place.InChannel).Sum(place => place.Amount);
}
