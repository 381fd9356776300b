namespace Snapshots.Bank;

/// <summary>
/// The bank's totals over one cut, in minor units. 128 bits: no number of accounts makes them overflow.
/// </summary>
/// <param name="Balance">The money in all accounts.</param>
/// <param name="InTransit">The money in all channels, transfers and returns.</param>
/// <param name="Deposited">The money that came into the bank.</param>
/// <param name="Withdrawn">The money that left the bank.</param>
public readonly record struct ConservationTotals(Int128 Balance, Int128 InTransit, Int128 Deposited, Int128 Withdrawn)
{
    /// <summary>Whether balances + in transit = deposits − withdrawals, to the unit.</summary>
    public bool Holds => Balance + InTransit == Deposited - Withdrawn;
}
