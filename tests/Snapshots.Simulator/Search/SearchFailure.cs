using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>A schedule that breaks an invariant.</summary>
/// <param name="Breach">What it breaks.</param>
/// <param name="Schedule">The events, from the start.</param>
internal sealed record SearchFailure(InvariantBreach Breach, ImmutableArray<SearchAction> Schedule);
