namespace Snapshots.Storage;

/// <summary>
/// Whether a storage can be used, as its last attempt showed. Safe to read from any thread at any time.
/// </summary>
/// <remarks>
/// A SQLite storage adds it as a service keyed by its name; unkeyed, it is that of the storage that was registered
/// first.
/// </remarks>
public interface IStorageHealth
{
    /// <summary>
    /// True from the start of the silo until a write fails or takes more than 5 seconds, and again once one succeeds. A
    /// storage that is not written to tries a tiny write of its own about once a second while it is not known to be
    /// available, so it needs no traffic to recover. False before the storage has started and after it has stopped.
    /// </summary>
    bool IsAvailable { get; }

    /// <summary>Why the storage is not available, in one line; null while it is.</summary>
    string? LastError { get; }
}
