using Snapshots.Detection;

namespace Snapshots.Client;

/// <summary><c>snapshot check (ID | --file F | --every SECONDS [--for SECONDS]) [--check NAME…]</c>.</summary>
internal sealed class CheckCommand : ClientCommand
{
    private readonly Argument<string?> _id = new("ID")
    {
        Description = "The snapshot",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _file = Inputs.Option(
        "--file", "FILE", "An exported snapshot in place of ID; needs no cluster", Read.Path);

    private readonly Option<TimeSpan?> _every = Inputs.Option<TimeSpan?>(
        "--every", "SECONDS", "Take and check a snapshot that often, until a finding", text => Read.Seconds(text));

    private readonly Option<TimeSpan?> _for = Inputs.Option<TimeSpan?>(
        "--for", "SECONDS", "With --every: for how long (default: until interrupted)", text => Read.Seconds(text));

    private readonly Option<string[]> _checks = new("--check")
    {
        HelpName = "NAME",
        Description = "A check to run, or several (default: all that the application declares)",
        AllowMultipleArgumentsPerToken = true,
    };

    public CheckCommand(CommandContext context)
        : base("check", "Run the checks of the application on a snapshot.", context)
    {
        Add(_id);
        Add(_file);
        Add(_every);
        Add(_for);
        Add(_checks);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        Symbol[] ways = [_id, _file, _every];
        if (ways.Count(run.Has) != 1)
            throw new ClientException(ErrorCode.Usage, "name either a snapshot, a --file or --every");
        if (run.Has(_for) && !run.Has(_every)) throw new ClientException(ErrorCode.Usage, "--for needs --every");
        var names = run.Get(_checks) ?? [];
        foreach (var name in names) SnapshotSource.Parse(() => Read.Id(name));
        if (run.Get(_every) is { } period) return await WatchAsync(run, names, period);
        return run.Get(_file) is { } file
            ? CheckReport.Show(run, await OfflineChecks.RunAsync(file, names, run.Interrupted))
            : await CheckStoredAsync(run, SnapshotSource.Parse(() => Read.Snapshot(run.Get(_id)!)), names);
    }

    private static async Task<int> CheckStoredAsync(CommandRun run, SnapshotId id, string[] names)
    {
        await using var connection = await run.ConnectToApplicationAsync();
        var view = await SnapshotFinder.RequireCompletedAsync(connection, id, run.Interrupted);
        return CheckReport.Show(run, await CheckReport.ReadAsync(connection, view, names, run.Interrupted));
    }

    private async Task<int> WatchAsync(CommandRun run, string[] names, TimeSpan period)
    {
        await using var connection = await run.ConnectToApplicationAsync();
        return await new CheckWatch(run, connection, names).RunAsync(period, run.Get(_for) ?? TimeSpan.MaxValue);
    }
}

/// <summary>The results of the checks of one snapshot.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Results">The results, in ordinal order of their names.</param>
internal sealed record CheckReport(SnapshotId Snapshot, IReadOnlyList<CheckResult> Results)
{
    /// <summary>Whether there is a finding.</summary>
    public bool HasFinding => Results.Any(result => result.Finding);

    /// <summary>Has a silo run the checks of a stored snapshot.</summary>
    /// <exception cref="ClientException">What is stored does not prove the snapshot.</exception>
    public static async Task<CheckReport> ReadAsync(
        BankConnection connection, SnapshotView view, string[] names, CancellationToken interrupted)
    {
        try
        {
            var results = await connection.CallAsync(_ => connection.Snapshots.CheckAsync(view, names), interrupted);
            return new CheckReport(view.Summary.Id, results);
        }
        catch (InvalidOperationException exception)
        {
            throw new ClientException(ErrorCode.PropertyViolated, Failures.Line(exception.Message), exception);
        }
    }

    /// <summary>Shows a report; returns the exit code.</summary>
    public static int Show(CommandRun run, CheckReport report)
    {
        var finding = report.Results.FirstOrDefault(result => result.Finding);
        var failure = finding is null
            ? null
            : new Failure(ErrorCode.PropertyViolated, $"the snapshot {report.Snapshot}: {Describe(finding)}");
        return run.Terminal.ShowObject(
            writer => CheckJson.Write(writer, report.Snapshot, report.Results), report.Show, failure);
    }

    private static string Describe(CheckResult result)
    {
        var holds = result.Holds ? "holds" : "does not hold";
        return result.Witness.IsEmpty
            ? $"{result.Name} {holds}"
            : $"{result.Name} {holds}: {Cell.Visible(string.Join(", ", result.Witness))}";
    }

    private void Show(Page page)
    {
        page.Line(Results.Count == 0 ? $"{Snapshot}: the application declares no check" : Snapshot.Value);
        if (Results.Count == 0) return;
        page.Table(
            ["check", "class", "holds", "finding", "witness"],
            Results.Select(result => (IReadOnlyList<string>)
            [
                result.Name,
                CheckJson.NameOf(result.Class),
                result.Holds ? "yes" : "no",
                result.Finding ? "yes" : "no",
                result.Witness.IsEmpty ? "-" : Cell.Visible(string.Join(", ", result.Witness)),
            ]));
    }
}
