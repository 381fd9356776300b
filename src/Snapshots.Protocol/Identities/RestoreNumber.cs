using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// The increasing number that the index gives each restore, persisted before use. 1 is the first; <c>default</c> (0) is
/// no restore.
/// </summary>
public readonly record struct RestoreNumber : IComparable<RestoreNumber>
{
    /// <summary>Makes the restore number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public RestoreNumber(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>The number itself, never negative.</summary>
    public long Value { get; }

    /// <summary>The restore number after this one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public RestoreNumber Next => new(checked(Value + 1));

    /// <summary>Numeric order.</summary>
    public int CompareTo(RestoreNumber other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left one is smaller.</summary>
    public static bool operator <(RestoreNumber left, RestoreNumber right) => left.Value < right.Value;

    /// <summary>Whether the left one is smaller or the same.</summary>
    public static bool operator <=(RestoreNumber left, RestoreNumber right) => left.Value <= right.Value;

    /// <summary>Whether the left one is larger.</summary>
    public static bool operator >(RestoreNumber left, RestoreNumber right) => left.Value > right.Value;

    /// <summary>Whether the left one is larger or the same.</summary>
    public static bool operator >=(RestoreNumber left, RestoreNumber right) => left.Value >= right.Value;

    /// <summary>The number in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
