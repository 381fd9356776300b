using System.Collections.Concurrent;

namespace Snapshots.Grains;

/// <summary>
/// How the snapshots of this silo are, for its readiness and its operator. Usable before the silo starts; safe for
/// concurrent use.
/// </summary>
public sealed class SnapshotsHealth
{
    private readonly ConcurrentDictionary<string, string> _damaged = new(StringComparer.Ordinal);

    internal SnapshotsHealth()
    {
    }

    /// <summary>
    /// What is damaged among what is active in this silo: processes by their grain ids, rows by their names. The silo
    /// as a whole serves.
    /// </summary>
    public IReadOnlyCollection<string> Damaged => [.. _damaged.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Why clients had better use another silo: an active member of the cluster has not been reached for seconds. Null
    /// if there is no reason.
    /// </summary>
    public string? Obstacle { get; internal set; }

    /// <summary>Notes a damage; false if it was known.</summary>
    internal bool IsDamaged(string name, string damage) => _damaged.TryAdd(name, damage);

    /// <summary>It is sound again, or active elsewhere.</summary>
    internal void IsNotDamaged(string name)
    {
        if (!_damaged.IsEmpty) _damaged.TryRemove(name, out _);
    }
}
