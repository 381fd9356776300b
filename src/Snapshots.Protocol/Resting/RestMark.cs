namespace Snapshots.Protocol;

/// <summary>
/// Names one rest of a process: how often it has rested, and the epoch. A later one is higher, so that what is late is
/// told from what is new.
/// </summary>
/// <param name="Epoch">The epoch in which the process rests.</param>
/// <param name="Generation">How often it has rested, from 1; a restore does not set it back.</param>
public readonly record struct RestMark(Epoch Epoch, long Generation) : IComparable<RestMark>
{
    /// <summary>Compares by epoch, then by generation.</summary>
    public int CompareTo(RestMark other) => (Epoch.Value, Generation).CompareTo((other.Epoch.Value, other.Generation));

    /// <summary>Whether the left one is earlier.</summary>
    public static bool operator <(RestMark left, RestMark right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is later.</summary>
    public static bool operator >(RestMark left, RestMark right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is not later.</summary>
    public static bool operator <=(RestMark left, RestMark right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is not earlier.</summary>
    public static bool operator >=(RestMark left, RestMark right) => left.CompareTo(right) >= 0;

    /// <summary><c>2.7</c>.</summary>
    public override string ToString() => $"{Epoch.Value}.{Generation}";
}
