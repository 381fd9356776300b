using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>Some of the counts that one part of a collection has for another one.</summary>
/// <param name="From">The part that tells.</param>
/// <param name="Life">Which life of it in memory: another one tells all again, maybe in another order.</param>
/// <param name="Offset">How many come before these.</param>
/// <param name="Counts">The counts.</param>
/// <param name="Total">How many there are so far.</param>
public sealed record CountPage(int From, long Life, int Offset, ImmutableArray<EndCount> Counts, int Total);
