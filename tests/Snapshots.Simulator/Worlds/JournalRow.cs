using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// The journal of a process as the storage has it: a checkpoint, and the entries after it. The shipped reader checks
/// each part by its seal and its number; here the journal itself knows what is damaged, and tells its reader.
/// </summary>
internal sealed class JournalRow(int number)
{
    private readonly List<ProcessChange<LedgerState, LedgerMessage>> _entries = [];
    private LedgerRecord? _checkpoint;
    private ProcessReplay<LedgerState, LedgerMessage>? _replay;
    private DamageKind _kind;
    private int _part;

    /// <summary>Which row; its version is the tip.</summary>
    public StoredRow Row { get; } = new(number);

    /// <summary>
    /// The record that was stored, whatever has become of it since; none before the first write.
    /// </summary>
    public LedgerRecord? Record { get; private set; }

    /// <summary>How large the journal is, at a byte for a checkpoint and for an entry.</summary>
    public StoredSize Size { get; private set; }

    /// <summary>Whether it is not as it was written.</summary>
    public bool IsDamaged => _kind != DamageKind.None;

    /// <summary>A write takes effect. A checkpoint takes the place of all that is stored.</summary>
    public void Store(WriteWork<LedgerState, LedgerMessage> work)
    {
        if (work.Checkpoint is { } checkpoint)
        {
            Replace(LedgerRecordCodec.Copy(checkpoint));
            return;
        }

        _replay!.Apply(work.Entry!);
        _entries.Add(work.Entry!);
        Size = Size with { Entries = Size.Entries + 1, EntryBytes = Size.EntryBytes + 1 };
        Record = _replay.ToRecord();
    }

    /// <summary>Damages what is stored, in one of the ways and at one of the parts.</summary>
    /// <param name="which">Any number from 0 on.</param>
    public void Damage(long which)
    {
        _kind = DamageKind.LostPart + (int)(which % 3);
        _part = (int)(which / 3 % (_entries.Count + 1));
    }

    /// <summary>What a reader finds: the record, or what is damaged, or nothing at all.</summary>
    public (LedgerRecord? Record, string? Damage) Read()
    {
        var part = _part == 0 ? "the checkpoint" : $"entry {_part}";
        return _kind switch
        {
            DamageKind.LostPart => (null, $"{part} is missing"),
            DamageKind.FlippedBit => (null, $"{part} was changed"),
            DamageKind.LostRow => (null, null),
            _ => (Record, null),
        };
    }

    /// <summary>Takes the parts before a lost one for all that was stored. None if the checkpoint is lost.</summary>
    public LedgerRecord? SkipLostPart()
    {
        if (_kind != DamageKind.LostPart || _part == 0) return Read().Record;
        var replay = new ProcessReplay<LedgerState, LedgerMessage>(_checkpoint!);
        foreach (var entry in _entries.Take(_part - 1)) replay.Apply(entry);
        return Replace(replay.ToRecord());
    }

    /// <summary>Takes a state with a flipped bit for what was stored.</summary>
    public LedgerRecord? TakeFlippedBit() => _kind == DamageKind.FlippedBit
        ? Replace(Record! with { State = Record.State with { Own = Record.State.Own ^ 4 } })
        : Read().Record;

    private LedgerRecord Replace(LedgerRecord checkpoint)
    {
        _entries.Clear();
        (_checkpoint, _replay, _kind) = (checkpoint, new(checkpoint), DamageKind.None);
        Size = new(1, 0, 0);
        return Record = _replay.ToRecord();
    }

    private enum DamageKind
    {
        None,

        /// <summary>A checkpoint or an entry is missing, and others are there.</summary>
        LostPart,

        /// <summary>A bit of a checkpoint or entry is another one.</summary>
        FlippedBit,

        /// <summary>Nothing is left, nor a word that there ever was anything.</summary>
        LostRow,
    }
}
