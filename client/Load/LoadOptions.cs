namespace Snapshots.Client;

/// <summary>What a load does.</summary>
/// <param name="Accounts">How many accounts, at least 2.</param>
/// <param name="Transfers">How many transfers; none when the load ends by its duration.</param>
/// <param name="Duration">How long transfers are begun; none when the load ends by their number.</param>
/// <param name="Concurrency">Calls in flight.</param>
/// <param name="Seed">Fixes who pays whom how much.</param>
/// <param name="Prefix">The accounts are named by it and a number from 0.</param>
/// <param name="Deposit">What each account that is not open is opened with.</param>
/// <param name="SnapshotEvery">How much time there is from the begin of one snapshot to that of the next; none for no snapshots.</param>
/// <param name="Journal">The file that is told of every transfer; none for no journal.</param>
/// <param name="Resume">The journal whose unknown transfers are settled first; none for nothing.</param>
internal sealed record LoadOptions(
    int Accounts,
    long? Transfers,
    TimeSpan? Duration,
    int Concurrency,
    long Seed,
    string Prefix,
    long Deposit,
    TimeSpan? SnapshotEvery,
    string? Journal,
    string? Resume);
