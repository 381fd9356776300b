using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// How many messages a channel has carried, markers not counted; also the place of a message in that count. Cuts are
/// told in message counts and never in frame numbers: a marker takes a frame number, so the frame numbers of two cuts
/// differ when a channel opens while two snapshots are unfinished, although nothing was sent.
/// </summary>
public readonly record struct MessageCount : IComparable<MessageCount>
{
    /// <summary>Makes the message count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public MessageCount(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>The number itself, never negative.</summary>
    public long Value { get; }

    /// <summary>The message count after this one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public MessageCount Next => new(checked(Value + 1));

    /// <summary>Numeric order.</summary>
    public int CompareTo(MessageCount other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left one is smaller.</summary>
    public static bool operator <(MessageCount left, MessageCount right) => left.Value < right.Value;

    /// <summary>Whether the left one is smaller or the same.</summary>
    public static bool operator <=(MessageCount left, MessageCount right) => left.Value <= right.Value;

    /// <summary>Whether the left one is larger.</summary>
    public static bool operator >(MessageCount left, MessageCount right) => left.Value > right.Value;

    /// <summary>Whether the left one is larger or the same.</summary>
    public static bool operator >=(MessageCount left, MessageCount right) => left.Value >= right.Value;

    /// <summary>The number in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
