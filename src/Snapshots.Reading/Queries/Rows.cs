using SQLitePCL;

namespace Snapshots.Reading;

/// <summary>Takes the rows of a query, one after another.</summary>
public interface IRowWriter
{
    /// <summary>Takes the names of the columns.</summary>
    void Begin(IReadOnlyList<string> columns);

    /// <summary>Takes the row at which a statement stands.</summary>
    void Write(sqlite3_stmt row);

    /// <summary>There is no further row.</summary>
    void End();
}

/// <summary>Reads the values of a row as text.</summary>
public static class Cell
{
    /// <summary>Whether a value is NULL.</summary>
    public static bool IsNull(sqlite3_stmt row, int column) => raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL;

    /// <summary>A value that is not NULL: a number as JSON has it, a blob in hexadecimal digits.</summary>
    public static string Text(sqlite3_stmt row, int column) => raw.sqlite3_column_type(row, column) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(row, column).ToString(CultureInfo.InvariantCulture),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(row, column).ToString("R", CultureInfo.InvariantCulture),
        raw.SQLITE_BLOB => Convert.ToHexStringLower(raw.sqlite3_column_blob(row, column)),
        _ => raw.sqlite3_column_text(row, column).utf8_to_string(),
    };

    /// <summary>A value for a table.</summary>
    public static string ForPeople(sqlite3_stmt row, int column) =>
        IsNull(row, column) ? "-" : Visible(Text(row, column));

    /// <summary>A text that cannot move the cursor of a terminal.</summary>
    public static string Visible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(char.IsControl)
            ? string.Concat(text.Select(each => char.IsControl(each) ? '\uFFFD' : each))
            : text;
    }

    /// <summary>Writes a value as JSON: a number beyond a double, and a blob, as text.</summary>
    public static void WriteTo(Utf8JsonWriter writer, sqlite3_stmt row, int column)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (raw.sqlite3_column_type(row, column))
        {
            case raw.SQLITE_NULL:
                writer.WriteNullValue();
                break;
            case raw.SQLITE_INTEGER:
                writer.WriteNumberValue(raw.sqlite3_column_int64(row, column));
                break;
            case raw.SQLITE_FLOAT when raw.sqlite3_column_double(row, column) is var number && double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(Text(row, column));
                break;
        }
    }
}
