using Microsoft.Data.Sqlite;

namespace Snapshots.Storage;

/// <summary>The statements of the connection that writes which are about journals, compiled once.</summary>
internal sealed class JournalConnection(SqliteConnection connection) : IDisposable
{
    private const string Process = "$process";
    private const string Number = "$number";
    private const string Content = "$content";

    private readonly SqliteCommand _appendEntry =
        connection.CreateCommand(Statements.AppendEntry, Process, Number, Content);

    private readonly SqliteCommand _moveTip = connection.CreateCommand(Statements.MoveTip, Process, Number);
    private readonly SqliteCommand _beginJournal = connection.CreateCommand(Statements.BeginJournal, Process, Number);
    private readonly SqliteCommand _moveCheckpoint =
        connection.CreateCommand(Statements.MoveCheckpoint, Process, Number);

    private readonly SqliteCommand _writeCheckpoint =
        connection.CreateCommand(Statements.WriteCheckpoint, Process, Number, Content);

    private readonly SqliteCommand _readTip = connection.CreateCommand(Statements.ReadTip, Process);
    private readonly SqliteCommand _findSweepEnd = connection.CreateCommand(Statements.FindSweepEnd, "$from", "$count");
    private readonly SqliteCommand _sweep = connection.CreateCommand(Statements.Sweep, "$from", "$to");

    /// <summary>Appends or replaces under a number.</summary>
    /// <returns>Whether the tip was the number before it.</returns>
    public bool Write(WriteRequest request, long number) => request.Kind == WriteKind.Append
        ? Run(_appendEntry, request, number) && Run(_moveTip, request, number)
        : Run(number == 1 ? _beginJournal : _moveCheckpoint, request, number)
            && Run(_writeCheckpoint, request, number);

    public long ReadTip(string process)
    {
        _readTip.Parameters[0].Value = process;
        return (long)_readTip.ExecuteScalar()!;
    }

    /// <summary>The id of the last of <paramref name="count"/> entries above <paramref name="from"/>; null when there are fewer.</summary>
    public long? FindSweepEnd(long from, long count)
    {
        _findSweepEnd.Parameters[0].Value = from;
        _findSweepEnd.Parameters[1].Value = count;
        return (long?)_findSweepEnd.ExecuteScalar();
    }

    /// <summary>Deletes the entries above one id and up to another that are below the checkpoint of their process.</summary>
    public void Sweep(long from, long to)
    {
        _sweep.Parameters[0].Value = from;
        _sweep.Parameters[1].Value = to;
        _sweep.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _appendEntry.Dispose();
        _moveTip.Dispose();
        _beginJournal.Dispose();
        _moveCheckpoint.Dispose();
        _writeCheckpoint.Dispose();
        _readTip.Dispose();
        _findSweepEnd.Dispose();
        _sweep.Dispose();
    }

    private static bool Run(SqliteCommand command, WriteRequest request, long number)
    {
        command.Parameters[0].Value = request.Key.GrainId;
        command.Parameters[1].Value = number;
        if (command.Parameters.Count > 2) command.Parameters[2].Value = request.Payload;
        return command.ExecuteNonQuery() == 1;
    }
}

/// <summary>
/// Removes entries that lie below their checkpoint, in passes over the log from its beginning to its end, two entries for each one
/// written. So about half of the log at most is not in use. A replacement that deleted its entries at once would dirty a page for each;
/// a sweep finds most of a page unused, and dirties it once.
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

    /// <summary>Sweeps what is owed, within the open transaction. If that is undone, the next pass finds what this one left.</summary>
    public void Run(JournalConnection journals)
    {
        if (_owed < LeastEntries) return;
        var end = journals.FindSweepEnd(_sweptTo, Math.Min(_owed, MostEntries));
        journals.Sweep(_sweptTo, end ?? long.MaxValue);
        _sweptTo = end ?? 0;
        _owed = Math.Max(0, _owed - MostEntries);
    }
}
