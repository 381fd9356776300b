using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A running 64-bit hash of what a trace says: of numbers and the characters of names, never of hash codes, the order
/// of a dictionary or the time of day. So the same events give the same hash on every machine.
/// </summary>
internal struct TraceHash
{
    /// <summary>The hash of all that was added.</summary>
    public ulong Value { get; private set; }

    /// <summary>Adds a number.</summary>
    public void Add(ulong value)
    {
        unchecked
        {
            Value = SplitMix64.Mix((Value * 0x9E3779B97F4A7C15UL) + value + 1);
        }
    }

    /// <summary>Adds a number.</summary>
    public void Add(long value) => Add(unchecked((ulong)value));

    /// <summary>Adds the characters of a name.</summary>
    public void Add(ProcessId process)
    {
        var packed = 0UL;
        foreach (var character in process.Value)
        {
            unchecked
            {
                packed = (packed * 131) + character;
            }
        }

        Add(packed);
    }
}
