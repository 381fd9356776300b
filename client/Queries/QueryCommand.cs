using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary><c>snapshot query (ID | --file F) "SQL" [--against SOURCE] [--fail-if-rows]</c>.</summary>
internal sealed class QueryCommand : ClientCommand
{
    private static readonly string[] Schemas = ["main", "other"];

    private readonly Argument<string[]> _words = new("ID SQL")
    {
        Description = "The snapshot, unless --file names one, and a statement that only reads",
        Arity = new ArgumentArity(1, 2),
    };

    private readonly Option<string> _file = Inputs.Option(
        "--file", "FILE", "An exported snapshot in place of ID; needs no cluster", Read.Path);

    private readonly Option<SnapshotSource> _against = Inputs.Option(
        "--against", "ID|FILE", "Another snapshot, as the schema other", SnapshotSource.Compared);

    private readonly Option<bool> _failIfRows = Inputs.Flag("--fail-if-rows", "Exit with 6 if there is a row");

    public QueryCommand(CommandContext context)
        : base("query", "Ask a snapshot in SQL: tables processes, channels, messages.", context)
    {
        Add(_words);
        Add(_file);
        Add(_against);
        Add(_failIfRows);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The query disposes of the tables.")]
    protected override async Task<int> RunAsync(CommandRun run)
    {
        var words = run.Get(_words);
        if (words.Length != (run.Has(_file) ? 1 : 2))
            throw new ClientException(ErrorCode.Usage, "name either a snapshot or a --file, and one statement");
        var source = SnapshotSource.Of(run.Has(_file) ? null : words[0], run.Get(_file));
        SnapshotSource[] sources = run.Has(_against) ? [source, run.Get(_against)!] : [source];
        var tables = await LoadAsync(run, sources);
        return run.Terminal.Format == OutputFormat.Table
            ? await ShowAsync(run, tables, words[^1])
            : await WriteAsync(run, tables, words[^1]);
    }

    private static async Task<SnapshotTables> LoadAsync(CommandRun run, SnapshotSource[] sources)
    {
        var snapshots = await SnapshotSource.ReadAsync(run, sources);
        var tables = new SnapshotTables();
        try
        {
            foreach (var (schema, snapshot) in Schemas.Zip(snapshots))
            {
                foreach (var table in tables.Load(schema, snapshot))
                {
                    run.Terminal.Say(
                        $"{schema}.{table}: only the first {SnapshotTables.MaxColumns} fields are columns; "
                            + "the JSON text has all");
                }
            }

            return tables;
        }
        catch
        {
            tables.Dispose();
            throw;
        }
    }

    private async Task<int> ShowAsync(CommandRun run, SnapshotTables tables, string sql)
    {
        var writer = new TableRowWriter();
        var rows = await ReadOnlyQuery.RunAsync(tables, sql, writer, new(run.Timeout), run.Interrupted);
        run.Terminal.ShowNow(writer.Show);
        return ExitCode(run, rows);
    }

    private async Task<int> WriteAsync(CommandRun run, SnapshotTables tables, string sql)
    {
        using FileRowWriter writer = run.Terminal.Format == OutputFormat.Csv
            ? new CsvRowWriter()
            : new JsonRowWriter(isLines: run.Terminal.Format == OutputFormat.JsonLines);
        var rows = await ReadOnlyQuery.RunAsync(tables, sql, writer, new(run.Timeout), run.Interrupted);
        run.Terminal.Write(writer.CopyTo);
        return ExitCode(run, rows);
    }

    private int ExitCode(CommandRun run, long rows)
    {
        if (rows == 0 || !run.Get(_failIfRows)) return 0;
        run.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"error: the statement found {rows} rows"));
        return ErrorCode.PropertyViolated.ExitCode;
    }
}
