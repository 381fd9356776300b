namespace Snapshots.Protocol;

/// <summary>
/// The name that a person gives a snapshot. The protocol itself tells snapshots apart by <see cref="SnapshotNumber"/>.
/// </summary>
public readonly record struct SnapshotId : IComparable<SnapshotId>
{
    private readonly string? _value;

    /// <summary>Makes the identity of that name.</summary>
    /// <exception cref="ArgumentException">The name is not an <see cref="Identifier"/>.</exception>
    public SnapshotId(string value) => _value = Identifier.Validate(value, nameof(value));

    /// <summary>The name; empty for <c>default</c>, which identifies nothing.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Ordinal order of the names.</summary>
    public int CompareTo(SnapshotId other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Whether the left name comes first in ordinal order.</summary>
    public static bool operator <(SnapshotId left, SnapshotId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left name comes first in ordinal order or is the same.</summary>
    public static bool operator <=(SnapshotId left, SnapshotId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left name comes last in ordinal order.</summary>
    public static bool operator >(SnapshotId left, SnapshotId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left name comes last in ordinal order or is the same.</summary>
    public static bool operator >=(SnapshotId left, SnapshotId right) => left.CompareTo(right) >= 0;

    /// <summary>The name.</summary>
    public override string ToString() => Value;
}
