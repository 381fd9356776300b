using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace Snapshots.Reading;

/// <summary>
/// Runs one statement of a user, which may read the tables and nothing else: an authorizer refuses what is not on its
/// list, limits bound text and memory, and the statement is stopped when its time is over.
/// </summary>
public static class ReadOnlyQuery
{
    private const int MaxStatement = 1_000_000;
    private const int MaxLikePattern = 1000;

    /// <summary>Instructions of SQLite's machine between two looks at the clock.</summary>
    private const int InstructionsPerLook = 1000;

    /// <summary>A statement that is inside one long function does not look at the clock; it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Runs a statement, and disposes of the tables; returns how many rows there were.</summary>
    /// <exception cref="QueryException">
    /// It is wrong, does not only read, takes too much memory, or was not done in time.
    /// </exception>
    public static async Task<long> RunAsync(
        SnapshotTables tables, string sql, IRowWriter writer, QueryLimits limits, CancellationToken interrupted)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(limits);
        var run = Task.Factory.StartNew(
            () =>
            {
                using (tables)
                {
                    try
                    {
                        return Run(tables.Database, sql, writer, limits, interrupted);
                    }
                    finally
                    {
                        if (!limits.IsShared) raw.sqlite3_hard_heap_limit64(0); // It is of the whole process.
                        limits.Ended?.Invoke();
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            return await run.WaitAsync(limits.Timeout + Grace, CancellationToken.None);
        }
        catch (TimeoutException exception)
        {
            throw TooLate(limits, exception);
        }
    }

    private static long Run(
        sqlite3 database, string sql, IRowWriter writer, QueryLimits limits, CancellationToken interrupted)
    {
        var (startedAt, memory) = (Stopwatch.GetTimestamp(), raw.sqlite3_memory_used() + limits.MaxMemory);
        var isTooLarge = false;
        Limit(database, limits, () =>
        {
            isTooLarge = raw.sqlite3_memory_used() > memory;
            return isTooLarge
                || interrupted.IsCancellationRequested
                || Stopwatch.GetElapsedTime(startedAt) > limits.Timeout;
        });
        using var statement = Prepare(database, sql);
        var names = Enumerable.Range(0, raw.sqlite3_column_count(statement))
            .Select(column => raw.sqlite3_column_name(statement, column).utf8_to_string());
        writer.Begin([.. names]);
        for (var rows = 0L; ; rows++)
        {
            switch (raw.sqlite3_step(statement) & 0xff)
            {
                case raw.SQLITE_ROW:
                    writer.Write(statement);
                    break;
                case raw.SQLITE_DONE:
                    writer.End();
                    return rows;
                case raw.SQLITE_NOMEM:
                case raw.SQLITE_INTERRUPT when isTooLarge:
                    throw Invalid($"the statement needs more than {limits.MaxMemory >> 20} MiB of memory");
                case raw.SQLITE_INTERRUPT:
                    interrupted.ThrowIfCancellationRequested();
                    throw TooLate(limits);
                default:
                    throw Wrong(database);
            }
        }
    }

    private static void Limit(sqlite3 database, QueryLimits limits, Func<bool> isOver)
    {
        raw.sqlite3_limit(database, raw.SQLITE_LIMIT_LENGTH, limits.MaxLength);
        raw.sqlite3_limit(database, raw.SQLITE_LIMIT_SQL_LENGTH, MaxStatement);
        raw.sqlite3_limit(database, raw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MaxLikePattern);
        if (!limits.IsShared) raw.sqlite3_hard_heap_limit64(raw.sqlite3_memory_used() + limits.MaxMemory);
        raw.sqlite3_progress_handler(database, InstructionsPerLook, _ => isOver() ? 1 : 0, null);
        raw.sqlite3_set_authorizer(database, (_, action, _, name, _, _) => Authorize(action, name), null);
    }

    private static int Authorize(int action, string? name) => action switch
    {
        raw.SQLITE_SELECT or raw.SQLITE_READ or raw.SQLITE_RECURSIVE => raw.SQLITE_OK,
        raw.SQLITE_FUNCTION when !"load_extension".Equals(name, StringComparison.OrdinalIgnoreCase) => raw.SQLITE_OK,
        _ => raw.SQLITE_DENY,
    };

    /// <summary>Compiles the one statement of a text.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes of it; a refused one is finalized.")]
    private static sqlite3_stmt Prepare(sqlite3 database, string sql)
    {
        if (sql.Contains('\0', StringComparison.Ordinal)) throw Invalid("the statement contains a NUL");
        var result = raw.sqlite3_prepare_v2(database, sql, out var statement, out var rest);
        if (result != raw.SQLITE_OK) throw Wrong(database);
        if (IsNothing(statement)) throw Invalid("there is no statement");
        if (raw.sqlite3_stmt_readonly(statement) == 0 || raw.sqlite3_column_count(statement) == 0)
            throw Invalid("not authorized: a query only reads");
        var more = raw.sqlite3_prepare_v2(database, rest, out var next);
        using (next)
        {
            if (more == raw.SQLITE_OK && IsNothing(next)) return statement;
        }

        statement.Dispose();
        throw Invalid("there is more than one statement");
    }

    private static bool IsNothing(sqlite3_stmt? statement) => statement is null || statement.IsInvalid;

    private static QueryException Wrong(sqlite3 database)
    {
        var message = raw.sqlite3_errmsg(database).utf8_to_string().ReplaceLineEndings(" ");
        return Invalid(message == "not authorized" ? "not authorized: a query only reads" : message);
    }

    private static QueryException Invalid(string message) => new(message, isTooLate: false);

    private static QueryException TooLate(QueryLimits limits, Exception? cause = null)
    {
        var seconds = limits.Timeout.TotalSeconds;
        return new(
            FormattableString.Invariant($"the statement was not done within {seconds} s"), isTooLate: true, cause);
    }
}

/// <summary>What one statement may take.</summary>
/// <param name="Timeout">After that time it is stopped.</param>
public sealed record QueryLimits(TimeSpan Timeout)
{
    /// <summary>The longest text or blob, and so the longest state, in bytes.</summary>
    public int MaxLength { get; init; } = 128 << 20;

    /// <summary>What it may take beside the tables, in bytes.</summary>
    public long MaxMemory { get; init; } = 1L << 30;

    /// <summary>
    /// Whether other code of this process uses SQLite. The limit of memory is then looked at from time to time:
    /// SQLite's own limit would let the others fail.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// Called when the statement has ended, which is later than its timeout if it is inside one long function.
    /// </summary>
    public Action? Ended { get; init; }
}

/// <summary>A query or a comparison cannot be answered. The message is one line for the user.</summary>
public sealed class QueryException : Exception
{
    internal QueryException(string message, bool isTooLate, Exception? cause = null)
        : base(message, cause) => IsTooLate = isTooLate;

    /// <summary>Whether it was stopped by its timeout; if not, it was wrong.</summary>
    public bool IsTooLate { get; }
}
