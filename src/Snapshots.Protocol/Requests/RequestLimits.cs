namespace Snapshots.Protocol;

/// <summary>Every bound of a process's memory of request keys.</summary>
public sealed record RequestLimits
{
    /// <summary>The outcomes of so many timed keys, the last to arrive, are remembered in any case.</summary>
    public const int RememberedTimedKeys = 1_024;

    /// <summary>Timed keys remembered at most; one more makes a memory forget <see cref="ForgottenAtOnce"/>.</summary>
    public const int MaxTimedKeys = 1_536;

    /// <summary>Timed keys forgotten at a time, so that most requests forget nothing.</summary>
    public const int ForgottenAtOnce = 256;

    /// <summary>The highest <see cref="MaxHandMadeKeys"/>.</summary>
    public const int MostHandMadeKeys = 65_536;

    /// <summary>Milliseconds that a new timed key may lie ahead of the process's clock, included: 10 minutes.</summary>
    public const long MaxAheadMs = 10 * 60_000;

    /// <summary>The longest retention, in milliseconds: 10 years.</summary>
    public const long MaxKeyRetentionMs = 3_650L * 24 * 3_600_000;

    /// <summary>The limits that apply when the host chooses no others.</summary>
    public static RequestLimits Default { get; } = new();

    /// <summary>
    /// Milliseconds for which a hand-made key is recognised (default 7 days); after that it names a new request. A
    /// longer time protects later repeats and holds more keys in each stored state.
    /// </summary>
    public long KeyRetentionMs { get; init; } = 7L * 24 * 3_600_000;

    /// <summary>
    /// Hand-made keys remembered at most (default 65,536); one more is refused until the oldest expires. Fewer bound
    /// what a client can make a process store.
    /// </summary>
    public int MaxHandMadeKeys { get; init; } = MostHandMadeKeys;

    /// <summary>Bytes of the longest outcome that a memory takes (default 1,024).</summary>
    public int MaxOutcomeBytes { get; init; } = 1_024;

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">A bound is not usable; the message names it and says what it must
    /// be.</exception>
    public void Validate()
    {
        if (KeyRetentionMs is < 1 or > MaxKeyRetentionMs)
        {
            throw new ArgumentException($"{nameof(KeyRetentionMs)} must be from 1 millisecond to 10 years");
        }

        if (MaxHandMadeKeys is < 1 or > MostHandMadeKeys)
        {
            throw new ArgumentException($"{nameof(MaxHandMadeKeys)} must be from 1 to {MostHandMadeKeys}");
        }

        if (MaxOutcomeBytes < 1) throw new ArgumentException($"{nameof(MaxOutcomeBytes)} must be at least 1");
    }
}
