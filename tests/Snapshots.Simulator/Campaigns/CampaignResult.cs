using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>What came of a campaign.</summary>
/// <param name="Runs">How many seeds were run.</param>
/// <param name="Violations">The seeds that break an invariant, in order; the first breach of each.</param>
/// <param name="Digest">Over all traces: the same seeds give the same digest on every machine.</param>
/// <param name="SchedulesPerSecond">Judged runs per second, once the program is warm.</param>
/// <param name="Seen">How many runs have seen each kind of thing.</param>
public sealed record CampaignResult(
    int Runs,
    ImmutableArray<CampaignViolation> Violations,
    string Digest,
    double SchedulesPerSecond,
    ImmutableArray<(string Name, int Runs)> Seen)
{
    /// <summary>Over so many runs and more, a kind of thing that no run has seen is a failure.</summary>
    public const int MinRunsToSeeAll = 1000;

    /// <summary>What no run has seen although there were enough; empty in a small campaign.</summary>
    public IEnumerable<string> Unseen => Runs < MinRunsToSeeAll ? [] : Seen.Where(each => each.Runs == 0).Select(each => each.Name);
}
