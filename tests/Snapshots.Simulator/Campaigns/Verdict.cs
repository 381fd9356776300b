using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>A run and what the invariants say of it.</summary>
/// <param name="Trace">What happened.</param>
/// <param name="Sightings">What it has seen.</param>
/// <param name="Breaches">The invariants that do not hold; none in a run as it should be.</param>
internal sealed record Verdict(LedgerTrace Trace, Sightings Sightings, ImmutableArray<InvariantBreach> Breaches);
