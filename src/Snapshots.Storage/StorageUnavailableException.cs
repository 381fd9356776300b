namespace Snapshots.Storage;

/// <summary>
/// The storage could not do what was asked: the data directory is full, read-only or damaged, or the storage is not
/// running. A write or clear that ends so counts as not done: the caller's etag is unchanged. Where the error
/// struck while the commit was under way, the write may be on the disk none the less; then the next write with the old
/// etag ends in <see cref="Orleans.Storage.InconsistentStateException"/>, and a read tells what is stored.
/// </summary>
/// <remarks>
/// The message is one line that names the reason. It is an <see cref="OrleansException"/> because Orleans hands those
/// to the grain as they are and wraps every other exception of a storage.
/// </remarks>
[GenerateSerializer]
[Alias("snapshots.storage-unavailable")]
public sealed class StorageUnavailableException : OrleansException
{
    internal StorageUnavailableException(string message)
        : base(message)
    {
    }

    internal StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
