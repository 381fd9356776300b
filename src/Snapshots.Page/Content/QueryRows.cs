using System.Buffers;
using SQLitePCL;

namespace Snapshots.Page;

/// <summary>Takes the first rows of a query as JSON, and stops the statement when that is enough.</summary>
internal sealed class QueryRows : IRowWriter, IDisposable
{
    private const int MaxRows = 1000;
    private const int MaxBytes = 4 << 20;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;
    private readonly CancellationTokenSource _enough = new();
    private int _columns;
    private int _rows;

    public QueryRows() => _writer = new(_buffer, SnapshotDocument.WriterOptions(indented: false));

    /// <summary>Cancelled when there are enough rows.</summary>
    public CancellationToken Enough => _enough.Token;

    public void Begin(IReadOnlyList<string> columns)
    {
        _columns = columns.Count;
        _writer.WriteStartObject();
        _writer.WriteStartArray("columns");
        foreach (var column in columns) _writer.WriteStringValue(column);
        _writer.WriteEndArray();
        _writer.WriteStartArray("rows");
    }

    public void Write(sqlite3_stmt row)
    {
        if (_rows == MaxRows || _buffer.WrittenCount + _writer.BytesPending > MaxBytes)
        {
            if (!_enough.IsCancellationRequested) _enough.Cancel();
            return;
        }

        _rows++;
        _writer.WriteStartArray();
        for (var column = 0; column < _columns; column++) Cell.WriteTo(_writer, row, column);
        _writer.WriteEndArray();
    }

    public void End()
    {
    }

    /// <summary>Ends the object; it says whether there are more rows.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        _writer.WriteEndArray();
        _writer.WriteBoolean("more", _enough.IsCancellationRequested);
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _enough.Dispose();
    }
}
