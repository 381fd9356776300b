namespace Snapshots.Client;

/// <summary>
/// Random transfers by a seed: the n-th transfer of a seed is the same in every run and version. Uses SplitMix64
/// (Steele, Lea and Flood 2014), since the sequence of <see cref="Random"/> may change between versions. Thread-safe.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="accounts">How many accounts there are, at least 2.</param>
/// <param name="partners">How many others an account pays, the next in order: 1 … accounts − 1.</param>
internal sealed class TransferPlan(long seed, int accounts, int partners)
{
    /// <summary>The largest amount, included: small beside the deposit, so that few transfers are refused.</summary>
    public const int MaxAmount = 10;

    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Returns the transfer of a number, from 0: two different accounts, by index, and an amount.</summary>
    public (int From, int To, int Amount) this[long number]
    {
        get
        {
            var start = unchecked((ulong)seed + Mix((ulong)number));
            var from = Below(Mix(unchecked(start + Step)), accounts);
            var to = (from + 1 + Below(Mix(unchecked(start + (2 * Step))), partners)) % accounts;
            var amount = 1 + Below(Mix(unchecked(start + (3 * Step))), MaxAmount);
            return (from, to, amount);
        }
    }

    private static int Below(ulong random, int bound) => (int)(random % (ulong)bound);

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
