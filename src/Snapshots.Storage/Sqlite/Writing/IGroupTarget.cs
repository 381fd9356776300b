namespace Snapshots.Storage;

/// <summary>Where groups of writes go. Used by one thread at a time.</summary>
internal interface IGroupTarget : IDisposable
{
    /// <summary>
    /// Applies the writes one after the other in one transaction, decides each, and commits.
    /// </summary>
    /// <exception cref="StorageUnavailableException">
    /// The transaction failed; every decision is void. The target can be used again.
    /// </exception>
    void Commit(IReadOnlyList<WriteRequest> group);
}
