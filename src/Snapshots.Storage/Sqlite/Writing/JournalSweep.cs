namespace Snapshots.Storage;

/// <summary>
/// Removes entries that lie below their checkpoint, in passes over the log from its beginning to its end, two entries
/// for each one written. So at most about half of the log is not in use. A replacement that deleted its entries at once
/// would dirty a page for each; a sweep finds most of a page unused, and dirties it once.
/// </summary>
internal sealed class JournalSweep
{
    private const int EntriesPerWrite = 2;

    /// <summary>A sweep for a single write would cost it more than the write.</summary>
    private const int LeastEntries = 256;

    /// <summary>Bounds what is added to one group.</summary>
    private const int MostEntries = 4096;

    private long _owed;
    private long _sweptTo;

    /// <summary>Counts a write to a journal.</summary>
    public void Written() => _owed += EntriesPerWrite;

    /// <summary>
    /// Sweeps what is owed, within the open transaction. If that is undone, the next pass finds what this one left.
    /// </summary>
    public void Run(JournalConnection journals)
    {
        if (_owed < LeastEntries) return;
        var count = Math.Min(_owed, MostEntries);
        var end = journals.FindSweepEnd(_sweptTo, count);
        journals.Sweep(_sweptTo, end ?? long.MaxValue);
        _sweptTo = end ?? 0;
        _owed -= count;
    }
}
