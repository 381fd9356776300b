namespace Snapshots.Client;

/// <summary>
/// <c>snapshot restore (ID | --file F) [--dry-run] [--yes] [--reason TEXT] [--no-safety] [--detach]</c>.
/// </summary>
internal sealed class RestoreCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();
    private readonly Option<bool> _dryRun = Inputs.Flag("--dry-run", "Plan, check and print; change nothing");
    private readonly Option<string> _file = Inputs.Option(
        "--file", "FILE", "An archive to restore; it is imported first, as a snapshot", Read.Path);

    private readonly RestoreOptions _options = new();

    public RestoreCommand(CommandContext context)
        : base("restore", "Take the whole service back to a snapshot, messages in transit included.", context)
    {
        _id.Arity = ArgumentArity.ZeroOrOne;
        Add(_id);
        Add(_file);
        Add(_dryRun);
        _options.AddTo(this);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        if (run.Has(_id) == run.Has(_file))
            throw new ClientException(ErrorCode.Usage, "name either a snapshot or a --file");
        if (run.Has(_file)) return await RestoreFileAsync(run, run.Get(_file)!);
        var id = run.Get(_id);
        if (!run.Get(_dryRun)) _options.RequireConfirmable(run);
        await using var bank = await run.ConnectToApplicationAsync();
        var view = await SnapshotFinder.RequireCompletedAsync(bank, id, run.Interrupted);
        if (run.Get(_dryRun))
        {
            var snapshot = await SnapshotSource.ReadStoredAsync(bank, id, run.Interrupted);
            return await ShowPlanAsync(run, bank, view.Summary, snapshot);
        }

        _options.Confirm(run, id);
        return await _options.RestoreAsync(run, bank, id);
    }

    /// <summary>A cluster without processes has nothing to lose: no confirmation and no safety snapshot.</summary>
    private async Task<int> RestoreFileAsync(CommandRun run, string file)
    {
        var source = await ArchiveFiles.ProveAsync(file, run.Application, run.Interrupted);
        await using var bank = await run.ConnectToApplicationAsync();
        if (run.Get(_dryRun))
            return await ShowPlanAsync(run, bank, source, await SnapshotSource.ReadFileAsync(file, run.Interrupted));
        var isEmpty = !await bank.CallAsync(_ => bank.Snapshots.HasProcessesAsync(), run.Interrupted);
        if (!isEmpty)
        {
            _options.RequireConfirmable(run);
            _options.Confirm(run, source.Id);
        }

        var imported = await ArchiveFiles.ImportAsync(bank, file, source, run.Interrupted);
        return await _options.RestoreAsync(run, bank, imported.Id, isEmpty);
    }

    private static async Task<int> ShowPlanAsync(
        CommandRun run, BankConnection bank, SnapshotSummary source, RenderedSnapshot snapshot)
    {
        var plan = await PlannedRestore.MakeAsync(bank, source, snapshot, run.Interrupted);
        return run.Terminal.ShowObject(plan.Write, plan.Show, plan.Failure);
    }
}

/// <summary><c>restore revert [--yes] [--reason TEXT] [--no-safety] [--detach]</c>.</summary>
internal sealed class RevertCommand : ClientCommand
{
    private readonly RestoreOptions _options = new();

    public RevertCommand(CommandContext context)
        : base("revert", "Restore the safety snapshot of the last restore.", context) => _options.AddTo(this);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        _options.RequireConfirmable(run);
        await using var bank = await run.ConnectToApplicationAsync();
        var restores = await bank.CallAsync(_ => bank.Snapshots.ListRestoresAsync(int.MaxValue), run.Interrupted);
        var last = restores.FirstOrDefault(restore => restore.Status == RestoreStatus.Completed)
            ?? throw new ClientException(ErrorCode.NotFound, "nothing was restored, so there is nothing to revert");
        if (last.Safety == default)
            throw new ClientException(ErrorCode.NotFound, $"restore {last.Number} took no safety snapshot");
        _options.Confirm(run, last.Safety);
        return await _options.RestoreAsync(run, bank, last.Safety);
    }
}

/// <summary>The options of what begins a restore, and the restore itself.</summary>
internal sealed class RestoreOptions
{
    private readonly Option<bool> _yes = Inputs.Flag("--yes", "Do not ask for confirmation");
    private readonly Option<bool> _noSafety = Inputs.Flag(
        "--no-safety", "Take no safety snapshot; the restore cannot be reverted");
    private readonly Option<bool> _detach = Inputs.Flag("--detach", "Return once the restore has begun");
    private readonly Option<string?> _reason = Inputs.Option<string?>(
        "--reason", "TEXT", "Why, for the history of restores", Read.Reason);

    public void AddTo(Command command)
    {
        command.Add(_yes);
        command.Add(_reason);
        command.Add(_noSafety);
        command.Add(_detach);
    }

    /// <summary>Checks that the user can confirm, before any connection is tried.</summary>
    /// <exception cref="ClientException">There is no terminal and no --yes.</exception>
    public void RequireConfirmable(CommandRun run)
    {
        const string Message = "a restore discards what came after the snapshot: confirm it with --yes";
        if (!run.Get(_yes) && !run.CanAsk) throw new ClientException(ErrorCode.Usage, Message);
    }

    /// <summary>Has the user type the id of the snapshot, unless --yes is given.</summary>
    /// <exception cref="ClientException">Something else was typed.</exception>
    public void Confirm(CommandRun run, SnapshotId id)
    {
        var question = $"type {id} to go back to it, and discard what came after: ";
        if (!run.Get(_yes) && run.Ask(question) != id.Value)
            throw new ClientException(ErrorCode.Usage, "not confirmed; nothing was changed");
    }

    /// <summary>Begins the restore, and waits for its end; returns the exit code.</summary>
    public async Task<int> RestoreAsync(CommandRun run, BankConnection bank, SnapshotId id, bool isEmpty = false)
    {
        var takesSafety = !isEmpty && !run.Get(_noSafety);
        var request = new RestoreRequest(id, run.Get(_reason) ?? string.Empty, takesSafety);
        var restore = await bank.CallAsync(_ => bank.Snapshots.BeginRestoreAsync(request), run.Interrupted);
        if (!run.Get(_detach)) return await RestoreWaiter.WaitAndShowAsync(run, bank, restore.Number);
        var view = new RestoreView(restore, []);
        return run.Terminal.ShowObject(writer => RestoreJson.Write(writer, view), page => RestoreText.Show(page, view));
    }
}

/// <summary><c>restore list [--limit N]</c>.</summary>
internal sealed class ListRestoresCommand : ClientCommand
{
    private const int DefaultLimit = 20;

    private readonly Option<int?> _limit = Inputs.Option<int?>(
        "--limit", "N", $"The most restores to list (default {DefaultLimit})", text => Read.Count(1, 1000)(text));

    public ListRestoresCommand(CommandContext context)
        : base("list", "List restores, newest first.", context) => Add(_limit);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        var limit = run.Get(_limit) ?? DefaultLimit;
        var restores = await bank.CallAsync(_ => bank.Snapshots.ListRestoresAsync(limit), run.Interrupted);
        return run.Terminal.ShowList(
            restores,
            (writer, restore) => RestoreJson.Write(writer, new(restore, [])),
            page => RestoreText.Show(page, restores));
    }
}

/// <summary><c>restore show N</c>.</summary>
internal sealed class ShowRestoreCommand : ClientCommand
{
    private readonly Argument<RestoreNumber> _number = RestoreNumbers.Argument();

    public ShowRestoreCommand(CommandContext context)
        : base("show", "Show a restore, and what it waits for.", context) => Add(_number);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        var view = await RestoreWaiter.RequireAsync(bank, run.Get(_number), run.Interrupted);
        return run.Terminal.ShowObject(writer => RestoreJson.Write(writer, view), page => RestoreText.Show(page, view));
    }
}

/// <summary><c>restore wait N</c>.</summary>
internal sealed class WaitForRestoreCommand : ClientCommand
{
    private readonly Argument<RestoreNumber> _number = RestoreNumbers.Argument();

    public WaitForRestoreCommand(CommandContext context)
        : base("wait", "Wait for the end of a restore.", context) => Add(_number);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        return await RestoreWaiter.WaitAndShowAsync(run, bank, run.Get(_number));
    }
}

/// <summary><c>restore abort N</c>.</summary>
internal sealed class AbortRestoreCommand : ClientCommand
{
    private readonly Argument<RestoreNumber> _number = RestoreNumbers.Argument();

    public AbortRestoreCommand(CommandContext context)
        : base("abort", "Abort a restore that is not committed.", context) => Add(_number);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var number = run.Get(_number);
        await using var bank = await run.ConnectToApplicationAsync();
        var isAborted = await bank.CallAsync(
            _ => bank.Snapshots.AbortRestoreAsync(number, "aborted by the user"), run.Interrupted);
        if (isAborted == false)
            throw new ClientException(ErrorCode.Committed, $"restore {number} is committed; it cannot be aborted");
        var view = await RestoreWaiter.RequireAsync(bank, number, run.Interrupted);
        return run.Terminal.ShowObject(writer => RestoreJson.Write(writer, view), page => RestoreText.Show(page, view));
    }
}

/// <summary>Numbers of restores on the command line.</summary>
internal static class RestoreNumbers
{
    public static Argument<RestoreNumber> Argument() =>
        Inputs.Argument("N", "The restore's number", text => new RestoreNumber(Read.Count(1, int.MaxValue)(text)));
}

/// <summary>Waits for the end of a restore and shows it.</summary>
internal static class RestoreWaiter
{
    /// <summary>Returns the restore of that number.</summary>
    /// <exception cref="ClientException">It does not exist.</exception>
    public static async Task<RestoreView> RequireAsync(
        BankConnection bank, RestoreNumber number, CancellationToken interrupted) =>
        await bank.CallAsync(_ => bank.Snapshots.GetRestoreAsync(number), interrupted)
        ?? throw new ClientException(ErrorCode.NotFound, $"restore {number} does not exist");

    /// <summary>
    /// Waits, for at most the timeout, and shows the restore. Returns the exit code: 4 if it still runs, 5 if it was
    /// aborted.
    /// </summary>
    /// <exception cref="ClientException">Ctrl-C was pressed; the restore goes on.</exception>
    public static async Task<int> WaitAndShowAsync(CommandRun run, BankConnection bank, RestoreNumber number)
    {
        try
        {
            var view = await run.Terminal.WithProgressAsync(
                $"restore {number}", bar => WaitAsync(run, bank, number, bar));
            return run.Terminal.ShowObject(
                writer => RestoreJson.Write(writer, view),
                page => RestoreText.Show(page, view),
                RestoreText.FailureOf(view.Summary));
        }
        catch (OperationCanceledException exception) when (run.Interrupted.IsCancellationRequested)
        {
            var message = $"interrupted; restore {number} goes on; wait for it with: snapshots restore wait {number}";
            throw new ClientException(ErrorCode.Interrupted, message, exception);
        }
    }

    private static async Task<RestoreView> WaitAsync(
        CommandRun run, BankConnection bank, RestoreNumber number, IProgressBar bar)
    {
        try
        {
            await bank.CallAsync(
                token => bank.Snapshots.WaitForRestoreAsync(number, view => Report(bar, view), token), run.Interrupted);
        }
        catch (ClientException exception) when (exception.Code == ErrorCode.Timeout)
        {
            // Its state at the end of the wait is shown.
        }

        return await RequireAsync(bank, number, run.Interrupted);
    }

    private static void Report(IProgressBar bar, RestoreView view)
    {
        var step = view.Summary.Status switch
        {
            RestoreStatus.Preparing => 0,
            RestoreStatus.Closing => 1,
            RestoreStatus.Applying => 2,
            _ => 3,
        };
        var waiting = view.WaitingFor.Count == 0 ? string.Empty : $", waiting for {string.Join(", ", view.WaitingFor)}";
        bar.Report(step, 3, $"restore {view.Summary.Number}: {RestoreJson.NameOf(view.Summary.Status)}{waiting}");
    }
}
