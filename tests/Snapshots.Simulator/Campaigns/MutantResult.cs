using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>What became of one planted fault.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fault">What is wrong, in a few words.</param>
/// <param name="Expected">The invariant that has to notice it.</param>
/// <param name="CaughtAt">The first seed at which that invariant did; none if it escaped.</param>
/// <param name="Detail">What the invariant said.</param>
/// <param name="AlsoCaughtBy">Which other invariants noticed it on the way there.</param>
public sealed record MutantResult(
    string Name, string Fault, string Expected, long? CaughtAt, string Detail, ImmutableArray<string> AlsoCaughtBy)
{
    /// <summary>Whether it was caught.</summary>
    public bool IsCaught => CaughtAt is not null;
}
