namespace Snapshots.Grains;

/// <summary>Where a stored record belongs among the rows of its process.</summary>
/// <param name="Base">The number of the base that it differs from, or its own, if it is a base; 0 without any.</param>
/// <param name="Chain">The number of its chain, one more with every record that begins one; 0 of a base.</param>
/// <param name="Links">Whether the process has link rows.</param>
internal readonly record struct RecordPlace(long Base, long Chain, LinkUse Links);
