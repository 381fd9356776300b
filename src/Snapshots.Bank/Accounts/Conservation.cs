using System.Globalization;

namespace Snapshots.Bank;

/// <summary>The bank's invariant: no consistent cut gains or loses money.</summary>
public static class Conservation
{
    /// <summary>Adds up the accounts and the messages in transit of one cut.</summary>
    public static ConservationTotals Check(IEnumerable<AccountState> accounts, IEnumerable<BankMessage> inTransit)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentNullException.ThrowIfNull(inTransit);
        var totals = accounts.Aggregate(new ConservationTotals(0, 0, 0, 0), (sum, account) => sum.With(account));
        return inTransit.Aggregate(totals, (sum, message) => sum.With(message));
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

    /// <summary><c>70 in accounts + 30 in transit = 100 deposited − 0 withdrawn</c>; <c>≠</c> if it does not hold.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Balance} in accounts + {InTransit} in transit {(Holds ? '=' : '≠')} {Deposited} deposited − {Withdrawn} withdrawn");

    internal ConservationTotals With(AccountState account) => this with
    {
        Balance = Balance + account.Balance,
        Deposited = Deposited + account.Deposited,
        Withdrawn = Withdrawn + account.Withdrawn,
    };

    internal ConservationTotals With(BankMessage message) => this with { InTransit = InTransit + message.Amount.Value };
}
