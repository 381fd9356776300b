using System.Buffers;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Snapshots.Reading;

/// <summary>
/// Loads snapshots into an SQLite in memory: the tables <c>processes</c>, <c>channels</c> and <c>messages</c>, each
/// scalar field of a state or message a column of its own.
/// </summary>
public sealed class SnapshotTables : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:;Pooling=False");

    /// <summary>Makes an empty database.</summary>
    public SnapshotTables()
    {
        _connection.Open();
        Run("pragma temp_store = memory");
    }

    /// <summary>The database.</summary>
    internal sqlite3 Database => _connection.Handle!;

    /// <summary>The most fields of a table that are columns.</summary>
    public const int MaxColumns = Columns.Max;

    /// <summary>Loads a snapshot into a schema: <c>main</c>, or one that is attached for it.</summary>
    /// <returns>The tables of which some fields are no columns, since there are too many.</returns>
    public IReadOnlyList<string> Load(string schema, RenderedSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (schema != "main") Run($"attach ':memory:' as {schema}");
        Run("begin");
        var processes = new Columns("id", "state");
        var messages = new Columns("source", "target", "sequence", "content");
        if (snapshot.Application is null) RequireMoney(processes, messages);
        foreach (var process in snapshot.State.Processes) processes.Add(process.State.Span);
        foreach (var channel in snapshot.State.Channels)
        {
            foreach (var message in channel.Messages) messages.Add(message.Message.Span);
        }

        LoadProcesses(schema, snapshot, processes);
        LoadChannels(schema, snapshot, messages);
        Run("commit");
        string[] cut = [.. processes.AreCut ? ["processes"] : NoTables, .. messages.AreCut ? ["messages"] : NoTables];
        return cut;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static readonly string[] NoTables = [];

    /// <summary>A question for the money in transit has an answer also when there is none.</summary>
    private static void RequireMoney(Columns processes, Columns messages)
    {
        processes.Require("balance", "deposited", "withdrawn", "open");
        messages.Require("type", "transferId", "amount");
    }

    private void LoadProcesses(string schema, RenderedSnapshot snapshot, Columns columns)
    {
        using var table = Create($"{schema}.processes", "id text, state text", columns, fixedColumns: 2);
        foreach (var process in snapshot.State.Processes)
        {
            table.Bind(1, process.Id.Value);
            table.BindJson(2, process.State);
            table.Insert();
        }
    }

    private void LoadChannels(string schema, RenderedSnapshot snapshot, Columns columns)
    {
        const string Ends = "source text, target text";
        using var channels = Create(
            $"{schema}.channels", $"{Ends}, sent integer, delivered integer", new Columns(), fixedColumns: 4);
        using var messages = Create(
            $"{schema}.messages", $"{Ends}, sequence integer, content text", columns, fixedColumns: 4);
        foreach (var channel in snapshot.State.Channels)
        {
            var (source, target) = channel.Channel;
            channels.Bind(1, source.Value);
            channels.Bind(2, target.Value);
            channels.Bind(3, channel.Sent.Value);
            channels.Bind(4, channel.Delivered.Value);
            channels.Insert();
            foreach (var (number, message) in channel.Messages)
            {
                messages.Bind(1, source.Value);
                messages.Bind(2, target.Value);
                messages.Bind(3, number.Value);
                messages.BindJson(4, message);
                messages.Insert();
            }
        }
    }

    private TableWriter Create(string name, string ownColumns, Columns columns, int fixedColumns)
    {
        var fields = columns.Names()
            .Select(column => $", \"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        Run($"create table {name}({ownColumns}{string.Concat(fields)})");
        return new TableWriter(Database, name, columns, fixedColumns);
    }

    private void Run(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(Database, sql), Database);
}

/// <summary>Inserts rows into one table by a statement that is compiled once.</summary>
internal sealed class TableWriter : IDisposable
{
    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n"u8);

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _insert;
    private readonly Columns _columns;
    private readonly int _fixedColumns;
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public TableWriter(sqlite3 database, string name, Columns columns, int fixedColumns)
    {
        (_database, _columns, _fixedColumns) = (database, columns, fixedColumns);
        var places = string.Join(",", Enumerable.Range(1, fixedColumns + columns.Count).Select(place => $"?{place}"));
        Check(raw.sqlite3_prepare_v2(database, $"insert into {name} values ({places})", out _insert));
    }

    public void Bind(int place, string text) => Check(raw.sqlite3_bind_text(_insert, place, text));

    public void Bind(int place, long number) => Check(raw.sqlite3_bind_int64(_insert, place, number));

    /// <summary>Binds JSON without white space, and its fields to their columns.</summary>
    public void BindJson(int place, ReadOnlyMemory<byte> json)
    {
        var text = Compact(json);
        BindText(place, text);
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
        for (var guess = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; guess++)
        {
            var column = _columns.PlaceOf(ref reader, guess);
            reader.Read();
            if (column >= 0) BindValue(_fixedColumns + column + 1, ref reader, text);
            else reader.Skip();
        }
    }

    public void Insert()
    {
        _ = raw.sqlite3_step(_insert);
        Check(raw.sqlite3_reset(_insert)); // It repeats the error of the step.
        Check(raw.sqlite3_clear_bindings(_insert));
    }

    public void Dispose() => _insert.Dispose();

    private void BindValue(int place, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                Check(raw.sqlite3_bind_null(_insert, place));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                Bind(place, reader.TokenType == JsonTokenType.True ? 1 : 0);
                break;
            case JsonTokenType.Number when reader.TryGetInt64(out var number):
                Bind(place, number);
                break;
            case JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number):
                Check(raw.sqlite3_bind_double(_insert, place, number));
                break;
            case JsonTokenType.String when reader.ValueIsEscaped:
                Bind(place, reader.GetString()!);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                BindText(place, json[start..(int)reader.BytesConsumed]);
                break;
            default:
                BindText(place, reader.ValueSpan); // A text, or a number beyond a double: its digits.
                break;
        }
    }

    private void BindText(int place, ReadOnlySpan<byte> text) => Check(text.IsEmpty
        ? raw.sqlite3_bind_text(_insert, place, string.Empty) // An empty span would be bound as NULL.
        : raw.sqlite3_bind_text(_insert, place, text));

    private ReadOnlySpan<byte> Compact(ReadOnlyMemory<byte> json)
    {
        if (!json.Span.ContainsAny(WhiteSpace)) return json.Span;
        _scratch.ResetWrittenCount();
        var output = _scratch.GetSpan(json.Length);
        var (length, isText, isEscaped) = (0, false, false);
        foreach (var each in json.Span)
        {
            if (!isText && WhiteSpace.Contains(each)) continue;
            output[length++] = each;
            if (each == '"' && !isEscaped) isText = !isText;
            isEscaped = isText && each == '\\' && !isEscaped;
        }

        return output[..length];
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
