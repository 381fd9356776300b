namespace Snapshots.Storage;

/// <summary>
/// The grains whose stored state said that it was unfinished (<see cref="IUnfinishedState"/>), for waking them after a
/// crash. A service keyed by the storage's name; unkeyed, the storage that was registered first. Safe for any thread.
/// </summary>
public interface IUnfinishedIndex
{
    /// <summary>
    /// Reads one page. Its cost grows with the page, not with what is stored. Pages are no snapshot: a state that is
    /// written between two of them may be missed or seen, but one that stays unfinished throughout is in exactly one.
    /// </summary>
    /// <param name="stateName">The name of the state, as in <c>[PersistentState]</c>.</param>
    /// <param name="limit">The largest number of grain ids to return, 1 to 10,000.</param>
    /// <param name="afterKey">The last grain id of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the wait for a free connection.</param>
    /// <returns>The texts of the grain ids in the order of their UTF-8 bytes; fewer than <paramref name="limit"/> on
    /// the last page.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of range.</exception>
    /// <exception cref="StorageUnavailableException">The storage cannot be read, or is not running.</exception>
    Task<IReadOnlyList<string>> ReadUnfinishedAsync(
        string stateName, int limit, string? afterKey = null, CancellationToken cancellationToken = default);
}
