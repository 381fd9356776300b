namespace Snapshots.Simulator;

/// <summary>Money on its way.</summary>
/// <param name="Key">The key of the request that sent it.</param>
/// <param name="Amount">How much.</param>
/// <param name="IsReturn">Whether it comes back to the one who sent it.</param>
internal sealed record LedgerMessage(int Key, long Amount, bool IsReturn)
{
    /// <summary>A number that no other message of a run has.</summary>
    public long Identity => (Key * 2L) + (IsReturn ? 1 : 0);
}
