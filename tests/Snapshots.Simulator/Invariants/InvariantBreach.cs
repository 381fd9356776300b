namespace Snapshots.Simulator;

/// <summary>An invariant that does not hold in a run.</summary>
/// <param name="Invariant">Its name.</param>
/// <param name="Detail">One line with the numbers.</param>
public sealed record InvariantBreach(string Invariant, string Detail);
