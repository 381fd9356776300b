using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>
/// The journals of a silo's processes: a service keyed by the name of the storage
/// (<c>SnapshotsOptions.StorageName</c>).
/// </summary>
public interface IProcessJournals
{
    /// <summary>Opens the journal of one process. Does no I/O; each activation opens one of its own.</summary>
    IProcessJournal Open(GrainId process);
}

/// <summary>
/// The stored form of one process: a checkpoint and the entries after it, each under a number. The shape is that of
/// Orleans.Journaling. The journal stores bytes and does not look into them.
/// </summary>
/// <remarks>
/// <para>
/// Numbers are the fence. A checkpoint consumes a number as an entry does, the first number is 1, and numbers only
/// grow. The highest number stored is the tip. (1) A stale activation reads tip 5; (2) its successor appends 6; (3) the
/// stale activation's append of 6 is refused.
/// </para>
/// <para>
/// The storage owns all bytes that it is given: the caller never changes them again, not even after a failure, since a
/// write that failed may still take effect later. A write that has completed is durable.
/// </para>
/// <para>One caller at a time. Any number of journals may be open for the same process, in any number of silos.</para>
/// </remarks>
public interface IProcessJournal
{
    /// <summary>
    /// Whether the storage takes entries. False: it stores whole checkpoints only, <see cref="AppendAsync"/> throws
    /// <see cref="NotSupportedException"/>, and the owner always replaces.
    /// </summary>
    bool TakesEntries { get; }

    /// <summary>
    /// Reads what is stored, as it is: all of it as of one moment, whatever other activations write meanwhile.
    /// </summary>
    Task<StoredJournal> ReadAsync();

    /// <summary>Adds an entry.</summary>
    /// <param name="number">The number of the entry, at least 2: the first write is a checkpoint.</param>
    /// <param name="entry">What is stored.</param>
    /// <exception cref="Orleans.Storage.InconsistentStateException">
    /// The tip is not <paramref name="number"/> − 1: another activation has written. Nothing was stored.
    /// </exception>
    Task AppendAsync(long number, ReadOnlyMemory<byte> entry);

    /// <summary>Replaces everything below <paramref name="number"/> by a checkpoint, in one atomic write.</summary>
    /// <param name="number">The number of the checkpoint, at least 1. Number 1 is stored only where nothing at all
    /// is.</param>
    /// <param name="checkpoint">What is stored.</param>
    /// <exception cref="Orleans.Storage.InconsistentStateException">
    /// The tip is not <paramref name="number"/> − 1: another activation has written. Nothing was stored.
    /// </exception>
    Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint);

    /// <summary>Reads the tip: the highest number stored; 0 where nothing is.</summary>
    Task<long> ReadTipAsync();
}

/// <summary>What a storage holds of one process. It may be damaged: the reader checks it.</summary>
/// <param name="Checkpoint">The checkpoint, or null where there is no such row.</param>
/// <param name="Entries">The entries that are there, by ascending number.</param>
/// <param name="Tip">The highest number, where the storage keeps it beside the rows, or null where it does not. It
/// shows that the last entry is missing.</param>
public sealed record StoredJournal(StoredEntry? Checkpoint, ImmutableArray<StoredEntry> Entries, long? Tip)
{
    /// <summary>Nothing at all.</summary>
    public static StoredJournal None { get; } = new(null, [], null);
}

/// <summary>A checkpoint or an entry as it is stored.</summary>
/// <param name="Number">The number under which it is stored.</param>
/// <param name="Content">The bytes that were given to the storage; owned by the caller.</param>
public readonly record struct StoredEntry(long Number, ReadOnlyMemory<byte> Content);
