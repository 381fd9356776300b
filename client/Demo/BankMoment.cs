namespace Snapshots.Client;

/// <summary>One look at the running bank, in two ways.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="NaiveTotal">What reading all balances one by one added up to at that moment.</param>
/// <param name="TrueTotal">What there is: the deposits, since nothing is withdrawn.</param>
internal sealed record BankMoment(SnapshotProbeResult Snapshot, Int128 NaiveTotal, Int128 TrueTotal)
{
    /// <summary>Whether the snapshot holds and finds all the money.</summary>
    public bool Holds => Snapshot is { Holds: true, Figures: { } figures } && figures.Balance + figures.InTransit == TrueTotal;
}
