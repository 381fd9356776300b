namespace Snapshots.Bank;

/// <summary>The bank's own invariant: over any consistent cut no money is made or lost.</summary>
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
