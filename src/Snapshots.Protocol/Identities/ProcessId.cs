namespace Snapshots.Protocol;

/// <summary>
/// Names one process: one account, or any grain that takes part. Two are equal when their names are equal.
/// </summary>
public readonly record struct ProcessId : IComparable<ProcessId>
{
    private readonly string? _value;

    /// <summary>Makes the identity of that name.</summary>
    /// <exception cref="ArgumentException">The name is not an <see cref="Identifier"/>.</exception>
    public ProcessId(string value) => _value = Identifier.Validate(value, nameof(value));

    /// <summary>The name; empty for <c>default</c>, which identifies nothing.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Ordinal order of the names.</summary>
    public int CompareTo(ProcessId other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Whether the left name comes first in ordinal order.</summary>
    public static bool operator <(ProcessId left, ProcessId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left name comes first in ordinal order or is the same.</summary>
    public static bool operator <=(ProcessId left, ProcessId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left name comes last in ordinal order.</summary>
    public static bool operator >(ProcessId left, ProcessId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left name comes last in ordinal order or is the same.</summary>
    public static bool operator >=(ProcessId left, ProcessId right) => left.CompareTo(right) >= 0;

    /// <summary>The name.</summary>
    public override string ToString() => Value;
}
