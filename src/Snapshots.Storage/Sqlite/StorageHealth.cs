namespace Snapshots.Storage;

/// <summary>The health of one storage: one field, so that the two properties are each consistent when read.</summary>
internal sealed class StorageHealth : IStorageHealth
{
    private volatile string? _error = "The storage has not started.";

    public bool IsAvailable => _error is null;

    public string? LastError => _error;

    /// <returns>Whether this changed anything.</returns>
    public bool Succeeded() => Interlocked.Exchange(ref _error, null) is not null;

    /// <returns>Whether the storage was available before.</returns>
    public bool Failed(string error) => Interlocked.Exchange(ref _error, error) is null;
}
