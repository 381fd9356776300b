namespace Snapshots.Simulator;

/// <summary>
/// The generator of the simulator: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
/// 2014). Its numbers depend on the seed alone, on every machine and in every version of .NET, which
/// <c>System.Random</c> does not promise.
/// </summary>
/// <param name="seed">Any number; <c>default</c> is the seed 0.</param>
internal struct SplitMix64(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;
    private ulong _state = seed;

    /// <summary>
    /// A generator that belongs to one thing of a run, such as the n-th packet on a link, whatever else was drawn.
    /// </summary>
    public static SplitMix64 For(ulong seed, ulong subject, ulong number)
    {
        unchecked
        {
            return new(Mix(Mix(seed + Golden) ^ Mix(subject + (Golden * 2)) ^ (number * Golden)));
        }
    }

    /// <summary>The finalizer: every bit of the input reaches every bit of the result.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += Golden;
            return Mix(_state);
        }
    }

    /// <summary>
    /// A number from 0 to <paramref name="bound"/>, which is not included; its bias is below one in a billion.
    /// </summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number between the two, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True with a probability of so many in 1024.</summary>
    public bool Chance(int in1024) => Below(1024) < in1024;
}
