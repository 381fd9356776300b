namespace Snapshots.Protocol;

/// <summary>
/// Where a process or a directory shard stands with regard to restores: its epoch, the last restore that it has heard
/// of, and whether it is open. A gate only ever grows: by epoch, then by restore, then from closed to open. So an order
/// that comes late is smaller than the gate that it comes to, and is not obeyed.
/// </summary>
/// <remarks>
/// The three orders of restore r out of epoch e: close is (e, r, closed), abort is (e, r, open), and the commit to
/// epoch f is (f, r, open). <c>default</c> is the gate of what has no epoch yet.
/// </remarks>
/// <param name="Epoch">The history that it lives in.</param>
/// <param name="Restore">The last restore that it was closed or opened for; <c>default</c> for none.</param>
/// <param name="IsOpen">Whether it takes steps.</param>
public readonly record struct Gate(Epoch Epoch, RestoreNumber Restore, bool IsOpen) : IComparable<Gate>
{
    /// <summary>The gate of an epoch in which no restore was heard of.</summary>
    public static Gate Of(Epoch epoch) => new(epoch, default, IsOpen: true);

    /// <inheritdoc/>
    public int CompareTo(Gate other)
    {
        if (Epoch != other.Epoch) return Epoch.CompareTo(other.Epoch);
        return Restore != other.Restore ? Restore.CompareTo(other.Restore) : IsOpen.CompareTo(other.IsOpen);
    }

    /// <summary>Whether the left one is earlier.</summary>
    public static bool operator <(Gate left, Gate right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is earlier or the same.</summary>
    public static bool operator <=(Gate left, Gate right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is later.</summary>
    public static bool operator >(Gate left, Gate right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is later or the same.</summary>
    public static bool operator >=(Gate left, Gate right) => left.CompareTo(right) >= 0;

    /// <summary><c>epoch 2 restore 1 open</c>.</summary>
    public override string ToString() => $"epoch {Epoch} restore {Restore} {(IsOpen ? "open" : "closed")}";
}
