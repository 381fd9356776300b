namespace Snapshots.Client;

/// <summary><c>snapshot take [--id ID] [--initiator ACCOUNT] [--snapshot-timeout SECONDS] [--detach]</c>.</summary>
internal sealed class TakeCommand : ClientCommand
{
    private static readonly TimeSpan DefaultSnapshotTimeout = TimeSpan.FromSeconds(60);

    private readonly Option<SnapshotId> _id = Inputs.Option(
        "--id", "ID", "The snapshot's id; the same id twice is the same snapshot (default: a new id)", Read.Snapshot);

    private readonly Option<ProcessId> _initiator = Inputs.Option(
        "--initiator", "PROCESS", "The process that records first (default: the silo chooses)", Read.Account);

    private readonly Option<TimeSpan?> _snapshotTimeout = Inputs.Option<TimeSpan?>(
        "--snapshot-timeout",
        "SECONDS",
        "The time after which the snapshot is aborted (default 60)",
        text => Read.Seconds(text));

    private readonly Option<bool> _detach = Inputs.Flag("--detach", "Return at once; the snapshot goes on");
    private readonly Option<bool> _summary = SnapshotIds.Summary();

    public TakeCommand(CommandContext context)
        : base("take", "Take a snapshot of the whole bank or application.", context)
    {
        Add(_id);
        Add(_initiator);
        Add(_snapshotTimeout);
        Add(_detach);
        Add(_summary);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Has(_id) ? run.Get(_id) : NewSnapshotId.Create("s", run.Time);
        await using var bank = await run.ConnectToApplicationAsync();
        if (await bank.CallAsync(_ => bank.Snapshots.GetAsync(id), run.Interrupted) is null)
        {
            // Interrupted while the answer is on its way: nobody here knows whether the snapshot has begun.
            await SnapshotWaiter.TellOfInterruptionAsync(run, id, "goes on if it has begun", async () =>
            {
                await BeginAsync(run, bank, id);
                return 0;
            });
        }

        var isSummary = run.Get(_summary);
        if (!run.Get(_detach)) return await SnapshotWaiter.WaitAndShowAsync(run, bank, id, isSummary);
        var view = await SnapshotFinder.RequireAsync(bank, id, run.Interrupted);
        return await SnapshotWaiter.ShowAsync(run, bank, view, failure: null, isSummary);
    }

    private async Task BeginAsync(CommandRun run, BankConnection bank, SnapshotId id)
    {
        var initiator = run.Get(_initiator);
        var exists = await bank.CallAsync(
            _ => run.Has(_initiator) ? bank.Snapshots.IsRegisteredAsync(initiator) : bank.Snapshots.HasProcessesAsync(),
            run.Interrupted);
        if (!exists)
        {
            await bank.RequireHostedAsync(run.Interrupted);
            throw new ClientException(
                ErrorCode.NotFound,
                run.Has(_initiator) ? $"{initiator} is not open: no process of that name is registered"
                    : bank.IsBank ? "no account is open: open one first"
                    : $"the application {bank.Application} has no process yet: there is nothing to record");
        }

        var request = new SnapshotRequest(id, initiator, run.Get(_snapshotTimeout) ?? DefaultSnapshotTimeout);
        await bank.CallAsync(_ => bank.Snapshots.BeginAsync(request), run.Interrupted);
    }
}

/// <summary><c>snapshot list [--limit N]</c>.</summary>
internal sealed class ListSnapshotsCommand : ClientCommand
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100_000;

    private readonly Option<int?> _limit = Inputs.Option<int?>(
        "--limit", "N", $"The most snapshots to list (default {DefaultLimit})", text => Read.Count(1, MaxLimit)(text));

    public ListSnapshotsCommand(CommandContext context)
        : base("list", "List snapshots, newest first.", context) => Add(_limit);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        var limit = run.Get(_limit) ?? DefaultLimit;
        var found = await bank.CallAsync(_ => bank.Snapshots.ListAsync(limit + 1), run.Interrupted);
        var summaries = found[..Math.Min(found.Length, limit)];
        return run.Terminal.ShowList(summaries, SnapshotJson.Write, page =>
        {
            SnapshotText.Show(page, summaries);
            if (found.Length > limit) page.Line($"and more; see --limit, now {limit}");
        });
    }
}

/// <summary><c>snapshot show ID</c>.</summary>
internal sealed class ShowSnapshotCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();
    private readonly Option<bool> _summary = SnapshotIds.Summary();

    public ShowSnapshotCommand(CommandContext context)
        : base("show", "Show a snapshot, with its global state as JSON.", context)
    {
        Add(_id);
        Add(_summary);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        var view = await SnapshotFinder.RequireAsync(bank, run.Get(_id), run.Interrupted);
        return await SnapshotWaiter.ShowAsync(run, bank, view, failure: null, run.Get(_summary));
    }
}

/// <summary><c>snapshot wait ID</c>.</summary>
internal sealed class WaitCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();

    public WaitCommand(CommandContext context)
        : base("wait", "Wait for the end of a snapshot.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        return await SnapshotWaiter.WaitAndShowAsync(run, bank, run.Get(_id));
    }
}

/// <summary><c>snapshot abort ID</c>.</summary>
internal sealed class AbortCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();

    public AbortCommand(CommandContext context)
        : base("abort", "Abort a running snapshot.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Get(_id);
        await using var bank = await run.ConnectToApplicationAsync();
        await bank.CallAsync(_ => bank.Snapshots.AbortAsync(id, "aborted by the user"), run.Interrupted);
        var summary = (await SnapshotFinder.RequireAsync(bank, id, run.Interrupted)).Summary;
        if (summary.Status == SnapshotStatus.Completed)
        {
            throw new ClientException(
                ErrorCode.InvalidInput, $"the snapshot {id} has already completed; it cannot be aborted");
        }

        return run.Terminal.ShowObject(
            writer => SnapshotJson.Write(writer, summary),
            page => page.Line($"{id} {SnapshotJson.NameOf(summary.Status)}"));
    }
}

/// <summary><c>snapshot pin ID</c> and <c>snapshot unpin ID</c>.</summary>
internal sealed class PinCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();
    private readonly bool _isPinned;

    public PinCommand(CommandContext context, bool isPinned)
        : base(
            isPinned ? "pin" : "unpin",
            isPinned ? "Pin a snapshot, so that it is not deleted." : "Take the pin of a snapshot away.",
            context)
    {
        _isPinned = isPinned;
        Add(_id);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Get(_id);
        await using var bank = await run.ConnectToApplicationAsync();
        var summary = await bank.CallAsync(_ => bank.Snapshots.PinAsync(id, _isPinned), run.Interrupted)
            ?? throw new ClientException(ErrorCode.NotFound, $"the snapshot {id} does not exist");
        return run.Terminal.ShowObject(
            writer => SnapshotJson.Write(writer, summary),
            page => page.Line($"{id} {(_isPinned ? "pinned" : "not pinned")}"));
    }
}

/// <summary><c>snapshot delete ID</c>.</summary>
internal sealed class DeleteCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();

    public DeleteCommand(CommandContext context)
        : base("delete", "Delete a snapshot that has ended.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Get(_id);
        await using var bank = await run.ConnectToApplicationAsync();
        var isDeleted = await bank.CallAsync(_ => bank.Snapshots.DeleteAsync(id), run.Interrupted);
        if (!isDeleted)
            throw new ClientException(ErrorCode.InvalidInput, $"the snapshot {id} is running; abort it first");
        return run.Terminal.ShowObject(
            writer =>
            {
                writer.WriteString("id", id.Value);
                writer.WriteBoolean("deleted", value: true);
            },
            page => page.Line($"{id} deleted"));
    }
}
