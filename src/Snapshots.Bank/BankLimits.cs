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

    /// <summary>The outcomes of at least so many last requests are remembered.</summary>
    public const int RememberedRequests = 1_024;

    /// <summary>Outcomes remembered at most; one more makes an account forget <see cref="ForgottenAtOnce"/>.</summary>
    public const int MaxRememberedRequests = 1_536;

    /// <summary>
    /// Outcomes forgotten at a time, so that most chunks of the memory stay as they are from one request to the next.
    /// </summary>
    public const int ForgottenAtOnce = 256;

    /// <summary>
    /// Hand-made keys that an account takes in its life, remembered and forgotten together; one more is refused.
    /// </summary>
    public const int MaxHandMadeKeys = 65_536;

    /// <summary>The most transfers in one call to an account.</summary>
    public const int MaxTransfersPerCall = 256;

    /// <summary>Outcomes in one chunk of the memory.</summary>
    public const int RequestsPerChunk = 64;

    /// <summary>Fingerprints of forgotten hand-made keys in one block of the memory.</summary>
    public const int ForgottenKeysPerBlock = 1_024;
}
