using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Snapshots.Storage;

/// <summary>
/// A compiled statement without the machinery of <see cref="SqliteCommand"/>, which costs a short statement as much
/// again as SQLite does. Its parameters are numbered: <c>?1</c>, <c>?2</c>, <c>?3</c>.
/// </summary>
/// <remarks>For one thread at a time. It can be used again after an error.</remarks>
internal sealed class Statement(SqliteConnection connection, string sql) : IDisposable
{
    private readonly sqlite3_stmt _statement = Compile(connection.Handle!, sql);

    public Statement Bind(string text)
    {
        Check(raw.sqlite3_bind_text(_statement, 1, text));
        return this;
    }

    public Statement Bind(string text, long number)
    {
        Check(raw.sqlite3_bind_int64(_statement, 2, number));
        return Bind(text);
    }

    public Statement Bind(string text, long number, ReadOnlySpan<byte> content)
    {
        // An empty span would be bound as NULL.
        Check(content.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, 3, 0)
            : raw.sqlite3_bind_blob(_statement, 3, content));
        return Bind(text, number);
    }

    public Statement Bind(long first, long second)
    {
        Check(raw.sqlite3_bind_int64(_statement, 1, first));
        Check(raw.sqlite3_bind_int64(_statement, 2, second));
        return this;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>Whether it changed one row.</returns>
    public bool Run()
    {
        _ = raw.sqlite3_step(_statement);
        // The reset repeats the error of the step.
        Check(raw.sqlite3_reset(_statement));
        return raw.sqlite3_changes(connection.Handle!) == 1;
    }

    /// <summary>The first column of the first row; null where there is no row.</summary>
    public long? ReadNumber()
    {
        var hasRow = raw.sqlite3_step(_statement) == raw.SQLITE_ROW;
        long? number = hasRow ? raw.sqlite3_column_int64(_statement, 0) : null;
        Check(raw.sqlite3_reset(_statement));
        return number;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, connection.Handle!);

    private static sqlite3_stmt Compile(sqlite3 database, string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        return statement;
    }
}
