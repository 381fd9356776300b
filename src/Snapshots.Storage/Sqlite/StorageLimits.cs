namespace Snapshots.Storage;

/// <summary>Every bound of the storage that is not a choice of its options, and the bounds of those choices.</summary>
internal static class StorageLimits
{
    public const int MaxGroupSize = 100_000;

    public const int MaxQueuedWrites = 1_000_000;

    public const int MaxReadConnections = 64;

    /// <summary>In bytes. SQLite's own bound of a value is 10^9.</summary>
    public const int MaxStateBytes = 512 * 1024 * 1024;

    /// <summary>
    /// In bytes: a group takes no further write once its payloads reach this, so that a transaction of large states
    /// stays short. A single larger write is a group by itself.
    /// </summary>
    public const int GroupBytes = 16 * 1024 * 1024;

    public static readonly TimeSpan MinBusyTimeout = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan MaxBusyTimeout = TimeSpan.FromSeconds(60);

    /// <summary>From a failed group to the next attempt when no write comes in the meantime.</summary>
    public static readonly TimeSpan ProbeDelay = TimeSpan.FromSeconds(1);
}
