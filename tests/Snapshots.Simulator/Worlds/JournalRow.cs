using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// The journal of a process as the storage has it: what the checkpoint and the entries after it make, and how many
/// there are.
/// </summary>
internal sealed class JournalRow(int number)
{
    private ProcessReplay<LedgerState, LedgerMessage>? _replay;

    /// <summary>Which row; its version is the tip.</summary>
    public StoredRow Row { get; } = new(number);

    /// <summary>The record that is stored; none before the first write.</summary>
    public LedgerRecord? Record { get; private set; }

    /// <summary>How large the journal is, at a byte for a checkpoint and for an entry.</summary>
    public StoredSize Size { get; private set; }

    /// <summary>A write takes effect.</summary>
    public void Store(WriteWork<LedgerState, LedgerMessage> work)
    {
        if (work.Checkpoint is { } checkpoint)
        {
            _replay = new(LedgerRecordCodec.Copy(checkpoint));
            Size = new(1, 0, 0);
        }
        else
        {
            _replay!.Apply(work.Entry!);
            Size = Size with { Entries = Size.Entries + 1, EntryBytes = Size.EntryBytes + 1 };
        }

        Record = _replay.ToRecord();
    }
}
