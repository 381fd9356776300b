namespace Snapshots.Bank;

/// <summary>The bank's invariant: no consistent cut gains or loses money.</summary>
public static class Conservation
{
    /// <summary>Adds up the accounts and the messages in transit of one cut.</summary>
    public static ConservationTotals Check(IEnumerable<AccountState> accounts, IEnumerable<BankMessage> inTransit)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentNullException.ThrowIfNull(inTransit);
        var totals = new ConservationTotals(0, 0, 0, 0);
        foreach (var account in accounts)
        {
            totals = totals with
            {
                Balance = totals.Balance + account.Balance,
                Deposited = totals.Deposited + account.Deposited,
                Withdrawn = totals.Withdrawn + account.Withdrawn,
            };
        }

        foreach (var message in inTransit) totals = totals with { InTransit = totals.InTransit + message.Amount.Value };
        return totals;
    }
}

/// <summary>
/// The bank's totals over one cut, in minor units. With 128 bits, no number of accounts makes them overflow.
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
