using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// The place of a frame in its channel: 1, 2, 3, … for messages and markers alike; <c>default</c> (0) stands before the
/// first.
/// </summary>
public readonly record struct FrameNumber : IComparable<FrameNumber>
{
    /// <summary>Makes the frame number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public FrameNumber(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>The number itself, never negative.</summary>
    public long Value { get; }

    /// <summary>The frame number after this one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public FrameNumber Next => new(checked(Value + 1));

    /// <summary>Numeric order.</summary>
    public int CompareTo(FrameNumber other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left one is smaller.</summary>
    public static bool operator <(FrameNumber left, FrameNumber right) => left.Value < right.Value;

    /// <summary>Whether the left one is smaller or the same.</summary>
    public static bool operator <=(FrameNumber left, FrameNumber right) => left.Value <= right.Value;

    /// <summary>Whether the left one is larger.</summary>
    public static bool operator >(FrameNumber left, FrameNumber right) => left.Value > right.Value;

    /// <summary>Whether the left one is larger or the same.</summary>
    public static bool operator >=(FrameNumber left, FrameNumber right) => left.Value >= right.Value;

    /// <summary>The number in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
