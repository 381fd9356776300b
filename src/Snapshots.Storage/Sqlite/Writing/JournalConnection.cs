using Microsoft.Data.Sqlite;

namespace Snapshots.Storage;

/// <summary>The statements of the connection that writes which are about journals, compiled once.</summary>
internal sealed class JournalConnection(SqliteConnection connection) : IDisposable
{
    private readonly Statement _appendEntry = new(connection, Statements.AppendEntry);
    private readonly Statement _moveTip = new(connection, Statements.MoveTip);
    private readonly Statement _beginJournal = new(connection, Statements.BeginJournal);
    private readonly Statement _moveCheckpoint = new(connection, Statements.MoveCheckpoint);
    private readonly Statement _writeCheckpoint = new(connection, Statements.WriteCheckpoint);
    private readonly Statement _readTip = new(connection, Statements.ReadTip);
    private readonly Statement _findSweepEnd = new(connection, Statements.FindSweepEnd);
    private readonly Statement _sweep = new(connection, Statements.Sweep);

    /// <summary>Appends or replaces under a number.</summary>
    /// <returns>Whether the tip was the number before it.</returns>
    public bool Write(WriteRequest request, long number)
    {
        var (process, content) = (request.Key.GrainId, request.Payload);
        return request.Kind == WriteKind.Append
            ? _appendEntry.Bind(process, number, content).Run() && _moveTip.Bind(process, number).Run()
            : (number == 1 ? _beginJournal : _moveCheckpoint).Bind(process, number).Run()
                && _writeCheckpoint.Bind(process, number, content).Run();
    }

    public long ReadTip(string process) => _readTip.Bind(process).ReadNumber()!.Value;

    /// <summary>
    /// The id of the last of <paramref name="count"/> entries above <paramref name="from"/>; null when there are fewer.
    /// </summary>
    public long? FindSweepEnd(long from, long count) => _findSweepEnd.Bind(from, count).ReadNumber();

    /// <summary>
    /// Deletes the entries above one id and up to another that are below the checkpoint of their process.
    /// </summary>
    public void Sweep(long from, long to) => _sweep.Bind(from, to).Run();

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
}
