namespace Snapshots.Protocol;

/// <summary>
/// A point in time that the caller passes in, in milliseconds since a start of the caller's choice. Only differences
/// count, so any monotonic clock will do. The protocol's safety never depends on it: time decides only when a frame is
/// sent again.
/// </summary>
/// <param name="Milliseconds">Milliseconds since the caller's start.</param>
public readonly record struct Instant(long Milliseconds) : IComparable<Instant>
{
    /// <summary>The instant that many milliseconds later.</summary>
    public Instant After(long pauseMs) => new(checked(Milliseconds + pauseMs));

    /// <summary>Earlier first.</summary>
    public int CompareTo(Instant other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>Whether the left instant is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Whether the left instant is earlier or the same.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Whether the left instant is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Whether the left instant is later or the same.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Milliseconds >= right.Milliseconds;
}
