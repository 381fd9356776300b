using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The end of one token removes whatever token the process has.</summary>
internal sealed class AnyTokenReleases : Variant
{
    private readonly Dictionary<ProcessId, WorkToken> _tokens = [];

    public override IEnumerable<WorkNote> Arrive(WorkNote note)
    {
        if (note.IsPending) _tokens[note.Process] = note.Token;
        return note.IsPending || !_tokens.TryGetValue(note.Process, out var present) ? [note] : [note with { Token = present }];
    }
}

/// <summary>A checkpoint does not replace the entries before it: they are replayed on it.</summary>
internal sealed class EntriesOutliveCheckpoints : Variant
{
    private readonly Dictionary<JournalRow, List<WriteWork<LedgerState, LedgerMessage>>> _entries = [];

    public override void Store(JournalRow journal, WriteWork<LedgerState, LedgerMessage> work)
    {
        base.Store(journal, work);
        if (!_entries.TryGetValue(journal, out var entries)) _entries.Add(journal, entries = []);
        if (work.Entry is not null) entries.Add(work);
        else if (entries.LastOrDefault() is { } last) base.Store(journal, last with { Entry = last.Entry! with { Outgoing = [] } });
    }
}

/// <summary>An entry that changes only what the process knows of snapshots is not stored.</summary>
internal sealed class DropsQuietEntries : Variant
{
    public override void Store(JournalRow journal, WriteWork<LedgerState, LedgerMessage> work)
    {
        var isQuiet = work.Entry is { Outgoing.IsEmpty: true, Incoming.IsEmpty: true } entry && ReferenceEquals(entry.State, work.StateBefore);
        if (!isQuiet) base.Store(journal, work);
    }
}
