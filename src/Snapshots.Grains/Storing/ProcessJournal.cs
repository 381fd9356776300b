using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>A process as its journal holds it, checked and unsealed.</summary>
/// <param name="Checkpoint">What was given to the last <see cref="ProcessJournal.ReplaceAsync"/>.</param>
/// <param name="Entries">What was appended since, oldest first.</param>
internal sealed record JournalContent(ReadOnlyMemory<byte> Checkpoint, ImmutableArray<ReadOnlyMemory<byte>> Entries);

/// <summary>
/// One activation's use of its journal, on any storage: it numbers and seals what it writes, and opens and checks what
/// it reads.
/// </summary>
/// <remarks>
/// Read first, then write, one call at a time. A write that failed may still take effect, now or later, so the tip is
/// unknown: the object refuses all further writes, its activation ends, and the next one reads what is stored.
/// </remarks>
internal sealed class ProcessJournal(IProcessJournal storage, GrainId process)
{
    private readonly JournalSeal _seal = new(process);

    /// <summary>The highest number stored, as far as this activation knows; null while that is unknown.</summary>
    private long? _tip;

    /// <summary>Whether entries can be appended; without it every write is a checkpoint.</summary>
    public bool TakesEntries => storage.TakesEntries;

    /// <summary>The stored bytes of the checkpoint, seal included; 0 where nothing is stored.</summary>
    public long CheckpointBytes { get; private set; }

    /// <summary>The stored bytes of all entries after the checkpoint, seals included.</summary>
    public long EntryBytes { get; private set; }

    /// <summary>Reads the process; null where nothing was ever stored.</summary>
    /// <exception cref="DamagedStateException">A part is missing or was changed. The object then refuses all
    /// writes.</exception>
    public async Task<JournalContent?> ReadAsync()
    {
        _tip = null;
        var stored = await storage.ReadAsync();
        var content = Open(stored);
        CheckpointBytes = stored.Checkpoint?.Content.Length ?? 0;
        EntryBytes = stored.Entries.Sum(entry => (long)entry.Content.Length);
        _tip = (stored.Checkpoint?.Number ?? 0) + stored.Entries.Length;
        return content;
    }

    /// <summary>
    /// After a read that found damage: the next write may be a checkpoint that takes the place of what is damaged.
    /// </summary>
    /// <returns>The number of the last write; 0 if that is lost, too.</returns>
    public async Task<long> AcceptDamageAsync()
    {
        var tip = await storage.ReadTipAsync();
        _tip = tip;
        return tip;
    }

    /// <summary>Appends an entry; complete means durable.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written since this one
    /// read.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> entry)
    {
        if (CheckpointBytes == 0)
            throw new InvalidOperationException($"{process} has no checkpoint: the first write replaces.");
        var number = TakeNumber();
        var sealedEntry = _seal.Seal(JournalKind.Entry, number, entry.Span);
        await storage.AppendAsync(number, sealedEntry);
        EntryBytes += sealedEntry.Length;
        _tip = number;
    }

    /// <summary>Replaces all that is stored by a checkpoint; complete means durable.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written since this one
    /// read.</exception>
    public async Task ReplaceAsync(ReadOnlyMemory<byte> checkpoint)
    {
        var number = TakeNumber();
        var sealedCheckpoint = _seal.Seal(JournalKind.Checkpoint, number, checkpoint.Span);
        await storage.ReplaceAsync(number, sealedCheckpoint);
        (CheckpointBytes, EntryBytes) = (sealedCheckpoint.Length, 0);
        _tip = number;
    }

    /// <summary>Whether no other activation has written since this one read or wrote.</summary>
    public async Task<bool> IsCurrentAsync() => _tip is { } tip && await storage.ReadTipAsync() == tip;

    /// <summary>
    /// The next number. Until the write has succeeded the tip is unknown, and so it stays when it fails.
    /// </summary>
    private long TakeNumber()
    {
        var tip = _tip ?? throw new InvalidOperationException(
            $"The journal of {process} cannot be written: it was not read, or a write is under way or has failed.");
        _tip = null;
        return tip + 1;
    }

    private JournalContent? Open(StoredJournal stored)
    {
        if (stored.Checkpoint is not { } checkpoint)
        {
            if (!stored.Entries.IsEmpty) throw Damaged($"it has entry {stored.Entries[0].Number} but no checkpoint");
            if (stored.Tip is > 0) throw Damaged($"{stored.Tip} writes were stored, and nothing is left of them");
            return null;
        }

        var tip = checkpoint.Number;
        var unsealed = _seal.Open(JournalKind.Checkpoint, checkpoint);
        var entries = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(stored.Entries.Length);
        foreach (var entry in stored.Entries)
        {
            if (entry.Number <= tip) throw Damaged($"entry {entry.Number} does not belong after number {tip}");
            if (entry.Number != tip + 1) throw Damaged($"entry {tip + 1} is missing");
            entries.Add(_seal.Open(JournalKind.Entry, entry));
            tip = entry.Number;
        }

        if (stored.Tip > tip) throw Damaged($"entry {tip + 1} is missing");
        if (stored.Tip < tip) throw Damaged($"number {tip} is stored, but the last write was {stored.Tip}");
        return new(unsealed, entries.MoveToImmutable());
    }

    private DamagedStateException Damaged(string damage) => new(process, damage);
}
