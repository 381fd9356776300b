using System.CommandLine;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>snapshot show ID</c>.</summary>
internal sealed class ShowSnapshotCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();

    public ShowSnapshotCommand(CommandContext context)
        : base("show", "Show a snapshot, with its global state as JSON.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectAsync();
        var view = await SnapshotFinder.RequireAsync(bank, run.Get(_id), run.Interrupted);
        return await SnapshotWaiter.ShowAsync(run, bank, view, failure: null);
    }
}
