using System.CommandLine;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>snapshot take [--id ID] [--initiator ACCOUNT] [--snapshot-timeout SECONDS] [--detach]</c>.</summary>
internal sealed class TakeCommand : ClientCommand
{
    private static readonly TimeSpan DefaultSnapshotTimeout = TimeSpan.FromSeconds(60);

    private readonly Option<SnapshotId> _id = Inputs.Option(
        "--id", "ID", "The snapshot's name: the same id twice is the same snapshot (default: one is made up)", Read.Snapshot);

    private readonly Option<ProcessId> _initiator = Inputs.Option(
        "--initiator", "ACCOUNT", "The account that records first (default: any open account)", Read.Account);

    private readonly Option<TimeSpan?> _snapshotTimeout = Inputs.Option<TimeSpan?>(
        "--snapshot-timeout", "SECONDS", "After which time the snapshot is aborted (default 60)", text => Read.Seconds(text));

    private readonly Option<bool> _detach = Inputs.Flag("--detach", "Do not wait for its end");

    public TakeCommand(CommandContext context)
        : base("take", "Take a snapshot of the whole bank.", context)
    {
        Add(_id);
        Add(_initiator);
        Add(_snapshotTimeout);
        Add(_detach);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Has(_id) ? run.Get(_id) : new SnapshotId(SnapshotIds.Create("s", run.Time));
        await using var bank = await run.ConnectAsync();
        if (await bank.CallAsync(_ => bank.Snapshots.GetAsync(id), run.Interrupted) is null) await BeginAsync(run, bank, id);
        if (!run.Get(_detach)) return await SnapshotWaiter.WaitAndShowAsync(run, bank, id);
        var view = await SnapshotFinder.RequireAsync(bank, id, run.Interrupted);
        return await SnapshotWaiter.ShowAsync(run, bank, view, failure: null);
    }

    private async Task BeginAsync(CommandRun run, BankConnection bank, SnapshotId id)
    {
        var initiator = run.Has(_initiator)
            ? (await AccountReader.ReadOpenAsync(bank, run.Get(_initiator), run.Interrupted)).Id
            : await AccountReader.FindOpenAsync(bank, run.Interrupted)
                ?? throw new ClientException(ErrorCode.NotFound, "no account is open, so there is nothing to take a snapshot of");
        var request = new SnapshotRequest(id, initiator, run.Get(_snapshotTimeout) ?? DefaultSnapshotTimeout);
        await bank.CallAsync(_ => bank.Snapshots.BeginAsync(request), run.Interrupted);
    }
}
