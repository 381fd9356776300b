namespace Snapshots.Bank;

/// <summary>
/// All bounds of the bank. Stored and exported forms depend on them, so they are constants, not options.
/// </summary>
public static class BankLimits
{
    /// <summary>
    /// The largest amount, initial deposit, cumulative deposit and cumulative withdrawal, and the largest balance that
    /// a deposit or a transfer may lead to, in minor units, included: 2^53−1, so that every figure is exact as a JSON
    /// number.
    /// </summary>
    public const long MaxAmount = (1L << 53) - 1;

    /// <summary>The most transfers in one call to an account.</summary>
    public const int MaxTransfersPerCall = 256;

    /// <summary>How many transfers whose money came back an account remembers as such: the last ones.</summary>
    public const int RememberedReturns = 32;
}
