using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// The increasing number that one grain gives each snapshot, persisted before use. 1 is the first; <c>default</c> (0)
/// is no snapshot. Numbers make "ended" decidable without a memory of all snapshots: see
/// <see cref="SnapshotAnnouncement"/>.
/// </summary>
public readonly record struct SnapshotNumber : IComparable<SnapshotNumber>
{
    /// <summary>Makes the snapshot number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public SnapshotNumber(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>The number itself, never negative.</summary>
    public long Value { get; }

    /// <summary>The snapshot number after this one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public SnapshotNumber Next => new(checked(Value + 1));

    /// <summary>Numeric order.</summary>
    public int CompareTo(SnapshotNumber other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left one is smaller.</summary>
    public static bool operator <(SnapshotNumber left, SnapshotNumber right) => left.Value < right.Value;

    /// <summary>Whether the left one is smaller or the same.</summary>
    public static bool operator <=(SnapshotNumber left, SnapshotNumber right) => left.Value <= right.Value;

    /// <summary>Whether the left one is larger.</summary>
    public static bool operator >(SnapshotNumber left, SnapshotNumber right) => left.Value > right.Value;

    /// <summary>Whether the left one is larger or the same.</summary>
    public static bool operator >=(SnapshotNumber left, SnapshotNumber right) => left.Value >= right.Value;

    /// <summary>The number in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
