using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// The history since the last restore, counted from 1. Frames of an older epoch are fenced off. <c>default</c> (0) is
/// none.
/// </summary>
public readonly record struct Epoch : IComparable<Epoch>
{
    /// <summary>Makes the epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public Epoch(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>The epoch before any restore.</summary>
    public static Epoch First => new(1);

    /// <summary>The number itself, never negative.</summary>
    public long Value { get; }

    /// <summary>The epoch after this one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public Epoch Next => new(checked(Value + 1));

    /// <summary>Numeric order.</summary>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left one is smaller.</summary>
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    /// <summary>Whether the left one is smaller or the same.</summary>
    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    /// <summary>Whether the left one is larger.</summary>
    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    /// <summary>Whether the left one is larger or the same.</summary>
    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;

    /// <summary>The number in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
