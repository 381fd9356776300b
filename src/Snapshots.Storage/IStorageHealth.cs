namespace Snapshots.Storage;

/// <summary>
/// Whether a storage can write, as its last attempt showed. A service keyed by the storage's name; unkeyed, the storage
/// that was registered first. Safe to read from any thread at any time.
/// </summary>
public interface IStorageHealth
{
    /// <summary>
    /// True from the start of the silo until a group of writes fails, and again once one succeeds. While it is false
    /// and nothing is written, the storage tries a tiny write of its own once a second, so it needs no traffic to
    /// recover. False before the storage has started and after it has stopped.
    /// </summary>
    bool IsAvailable { get; }

    /// <summary>Why the storage is not available, in one line; null while it is.</summary>
    string? LastError { get; }
}
