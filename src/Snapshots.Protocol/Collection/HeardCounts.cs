namespace Snapshots.Protocol;

/// <summary>How much one part of a collection has heard from another one.</summary>
/// <param name="Life">From which life of it.</param>
/// <param name="Count">How many counts, from the first one on.</param>
public readonly record struct HeardCounts(long Life, int Count);
