namespace Snapshots.Storage;

/// <summary>What became of one write within its group. The default is a write that left no row.</summary>
/// <param name="Version">The version that the row has now; null when there is none.</param>
/// <param name="IsConflict">The write was refused, since the version was not the expected one, and changed
/// nothing.</param>
internal readonly record struct WriteOutcome(long? Version, bool IsConflict);
