using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// What is known of all snapshots: the highest number given out and those still open. Ended is what is at most
/// <see cref="Highest"/> and not open. ("Below the highest that ended" would lose a slow snapshot that a fast one
/// overtook.)
/// </summary>
/// <remarks>Equality compares content. Immutable, so safe to share.</remarks>
public sealed class SnapshotAnnouncement : IEquatable<SnapshotAnnouncement>
{
    /// <summary>Makes an announcement; open numbers from 1 to <paramref name="highest"/>.</summary>
    /// <exception cref="ArgumentException">An open number is <c>default</c> or above the highest given out.</exception>
    public SnapshotAnnouncement(SnapshotNumber highest, IEnumerable<SnapshotNumber> open)
    {
        Highest = highest;
        Open = [.. open];
        if (!Open.IsEmpty && Open.Max > highest) throw new ArgumentException("an open snapshot has a number that was not given out");
        if (Open.Contains(default)) throw new ArgumentException("the number 0 is no snapshot, so it cannot be open");
    }

    /// <summary>Nothing is known: no number was given out.</summary>
    public static SnapshotAnnouncement None { get; } = new(default, []);

    /// <summary>The highest number given out.</summary>
    public SnapshotNumber Highest { get; }

    /// <summary>The numbers still open, all at most <see cref="Highest"/>.</summary>
    public ImmutableSortedSet<SnapshotNumber> Open { get; }

    /// <summary>Whether the snapshot has ended. One whose number is not known to be given out has not.</summary>
    public bool HasEnded(SnapshotNumber snapshot) => snapshot <= Highest && !Open.Contains(snapshot);

    /// <summary>
    /// What is known from both, in whichever order they were made: ended is what either knows to have ended. So an old
    /// announcement that arrives late can open nothing again.
    /// </summary>
    public SnapshotAnnouncement Merge(SnapshotAnnouncement other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (older, newer) = Highest <= other.Highest ? (this, other) : (other, this);
        foreach (var snapshot in newer.Open)
        {
            if (older.HasEnded(snapshot)) return new(newer.Highest, newer.Open.Where(each => !older.HasEnded(each)));
        }

        return newer; // As a rule: each process hears the same many times.
    }

    /// <inheritdoc/>
    public bool Equals(SnapshotAnnouncement? other) => other is not null && Highest == other.Highest && (ReferenceEquals(Open, other.Open) || Open.SetEquals(other.Open));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SnapshotAnnouncement);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Highest, Open.Count);

    /// <summary><c>3 open 1,2</c>.</summary>
    public override string ToString() => $"{Highest} open {string.Join(',', Open)}";
}
