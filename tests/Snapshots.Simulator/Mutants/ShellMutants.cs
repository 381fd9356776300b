using Snapshots.Protocol;

namespace Snapshots.Simulator;

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
