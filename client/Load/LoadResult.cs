namespace Snapshots.Client;

/// <summary>What came of a load.</summary>
/// <param name="Accounts">The accounts among which money moved.</param>
/// <param name="Tally">What became of the transfers.</param>
/// <param name="Resumed">What became of those that a journal said were unknown; none if no journal was to be resumed.</param>
/// <param name="Returned">How many came back; none if that cannot be known.</param>
/// <param name="Elapsed">From the first transfer to the end of the last.</param>
/// <param name="Snapshots">The snapshots, in order.</param>
/// <param name="Failure">Why the load has ended early, if it has.</param>
internal sealed record LoadResult(
    int Accounts,
    TransferTally Tally,
    TransferTally? Resumed,
    long? Returned,
    TimeSpan Elapsed,
    IReadOnlyList<SnapshotProbeResult> Snapshots,
    Failure? Failure);
