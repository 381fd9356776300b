namespace Snapshots.Protocol;

/// <summary>What the journal has of a process.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Record">The record that its checkpoint and entries make.</param>
/// <param name="Size">How large they are.</param>
public sealed record StoredProcess<TState, TMessage>(ProcessRecord<TState, TMessage> Record, StoredSize Size);

/// <summary>The size of a journal.</summary>
/// <param name="CheckpointBytes">Bytes of the checkpoint.</param>
/// <param name="Entries">How many entries follow it.</param>
/// <param name="EntryBytes">Bytes of all entries.</param>
public readonly record struct StoredSize(int CheckpointBytes, int Entries, long EntryBytes);

/// <summary>
/// Says when a checkpoint is worth it. With entries of up to k times the checkpoint's bytes, each byte of an entry
/// costs 1 + 1/k bytes written, and an activation reads up to 1 + k times the checkpoint.
/// </summary>
internal sealed class JournalSize(ParticipantOptions options, StoredSize? stored)
{
    private StoredSize _size = stored ?? default;

    /// <summary>Whether anything is stored.</summary>
    public bool IsStored { get; private set; } = stored is not null;

    /// <summary>Whether the next write is to be a checkpoint.</summary>
    public bool IsWorthCheckpoint => !options.TakesEntries
        || !IsStored
        || _size.Entries >= options.MaxEntries
        || _size.EntryBytes >= Math.Max(options.MinCheckpointBytes, (long)options.CheckpointFactor * _size.CheckpointBytes);

    /// <summary>
    /// Whether a process that leaves is to write a checkpoint, so that the next activation reads little.
    /// </summary>
    public bool IsWorthCheckpointOnLeave => options.TakesEntries && IsStored && _size.EntryBytes >= options.LeaveCheckpointBytes;

    /// <summary>A checkpoint was written.</summary>
    public void Replaced(int bytes) => (IsStored, _size) = (true, new(bytes, 0, 0));

    /// <summary>An entry was written.</summary>
    public void Appended(int bytes) => _size = _size with { Entries = _size.Entries + 1, EntryBytes = _size.EntryBytes + bytes };
}
