namespace Snapshots.Bank;

/// <summary>
/// Opens the account. It has no key: to repeat it is refused as <see cref="RefusalReason.AlreadyOpen"/>.
/// </summary>
public sealed record OpenRequest : Request
{
    /// <summary>Makes the request.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The deposit is negative or above <see cref="BankLimits.MaxAmount"/>.
    /// </exception>
    public OpenRequest(long initialDeposit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialDeposit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialDeposit, BankLimits.MaxAmount);
        InitialDeposit = initialDeposit;
    }

    /// <summary>What is paid in as the account opens, in minor units: 0 … <see cref="BankLimits.MaxAmount"/>.</summary>
    public long InitialDeposit { get; }
}
