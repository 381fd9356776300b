using System.Text;
using SQLitePCL;

namespace Snapshots.Client;

/// <summary>
/// Writes rows into a temporary file: nothing is printed of a query that fails, and memory does not grow with its rows.
/// </summary>
internal abstract class FileRowWriter : IRowWriter, IDisposable
{
    private const long MaxBytes = 4L << 30;

    /// <summary>The file; nothing is left of it when it is closed.</summary>
    protected FileStream Output { get; } = new(
        Path.Combine(Path.GetTempPath(), $"snapshots-{Guid.NewGuid():N}.tmp"),
        Options());

    public abstract void Begin(IReadOnlyList<string> columns);

    public void Write(sqlite3_stmt row)
    {
        WriteRow(row);
        if (Output.Position > MaxBytes)
            throw new ClientException(ErrorCode.InvalidInput, $"the result is larger than {MaxBytes >> 30} GiB");
    }

    public abstract void End();

    /// <summary>Copies what was written.</summary>
    public void CopyTo(TextWriter target)
    {
        Output.Position = 0;
        using var reader = new StreamReader(Output, new UTF8Encoding(false), false, leaveOpen: true);
        var some = new char[1 << 16];
        while (reader.Read(some) is var count and > 0) target.Write(some.AsSpan(0, count));
    }

    public virtual void Dispose() => Output.Dispose();

    protected abstract void WriteRow(sqlite3_stmt row);

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 1 << 16,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}

/// <summary>Writes an object per row: in an array, or one on each line.</summary>
internal sealed class JsonRowWriter(bool isLines) : FileRowWriter
{
    private const int BytesPerFlush = 1 << 16;
    private Utf8JsonWriter? _writer;
    private JsonEncodedText[] _names = [];

    public override void Begin(IReadOnlyList<string> columns)
    {
        _writer = new(Output, SnapshotDocument.WriterOptions(indented: !isLines));
        _names = [.. Unique(columns).Select(name =>
            JsonEncodedText.Encode(name, SnapshotDocument.WriterOptions(indented: false).Encoder))];
        if (!isLines) _writer.WriteStartArray();
    }

    public override void End()
    {
        if (isLines) return;
        _writer!.WriteEndArray();
        _writer.Flush();
        Output.WriteByte((byte)'\n');
    }

    public override void Dispose()
    {
        _writer?.Dispose();
        base.Dispose();
    }

    protected override void WriteRow(sqlite3_stmt row)
    {
        _writer!.WriteStartObject();
        for (var column = 0; column < _names.Length; column++)
        {
            _writer.WritePropertyName(_names[column]);
            Cell.WriteTo(_writer, row, column);
        }

        _writer.WriteEndObject();
        if (isLines)
        {
            _writer.Flush();
            Output.WriteByte((byte)'\n');
            _writer.Reset();
        }
        else if (_writer.BytesPending > BytesPerFlush)
        {
            _writer.Flush();
        }
    }

    /// <summary>An object has each name once: the second <c>a</c> is <c>a_2</c>.</summary>
    private static IEnumerable<string> Unique(IReadOnlyList<string> columns)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var name = column;
            for (var count = 2; !taken.Add(name); count++)
                name = string.Create(CultureInfo.InvariantCulture, $"{column}_{count}");
            yield return name;
        }
    }
}

/// <summary>Writes lines of CSV, the names first. NULL is nothing, the empty text a pair of quotes.</summary>
internal sealed class CsvRowWriter : FileRowWriter
{
    private int _columns;

    public override void Begin(IReadOnlyList<string> columns)
    {
        _columns = columns.Count;
        WriteLine(columns);
    }

    public override void End()
    {
    }

    protected override void WriteRow(sqlite3_stmt row) =>
        WriteLine(Enumerable.Range(0, _columns)
            .Select(column => Cell.IsNull(row, column) ? null : Cell.Text(row, column)));

    private void WriteLine(IEnumerable<string?> cells) =>
        Output.Write(Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Quote)) + "\n"));

    private static string Quote(string? text) => text switch
    {
        null => string.Empty,
        "" => "\"\"",
        _ when text.AsSpan().ContainsAny("\",\r\n") || text[0] == ' ' || text[^1] == ' ' =>
            $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => text,
    };
}

/// <summary>Keeps the first rows for a table.</summary>
internal sealed class TableRowWriter : IRowWriter
{
    private const int MaxRows = 1000;

    private readonly List<IReadOnlyList<string>> _rows = [];
    private IReadOnlyList<string> _columns = [];
    private bool[] _isText = [];
    private long _count;

    public void Begin(IReadOnlyList<string> columns)
    {
        _columns = columns;
        _isText = new bool[columns.Count];
    }

    public void Write(sqlite3_stmt row)
    {
        if (_count++ >= MaxRows) return;
        _rows.Add([.. _columns.Select((_, column) => Cell.ForPeople(row, column))]);
        for (var column = 0; column < _isText.Length; column++)
            _isText[column] |= raw.sqlite3_column_type(row, column) is raw.SQLITE_TEXT or raw.SQLITE_BLOB;
    }

    public void End()
    {
    }

    /// <summary>Shows the rows, and says how many are not shown.</summary>
    public void Show(Page page)
    {
        var names = _columns.Select((name, column) => (_isText[column] ? string.Empty : "#") + Cell.Visible(name));
        page.Table([.. names], _rows);
        if (_count > MaxRows)
            page.Line(string.Create(CultureInfo.InvariantCulture, $"and {_count - MaxRows} more; -o csv prints all"));
    }
}
