using System.CommandLine;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>snapshot abort ID</c>.</summary>
internal sealed class AbortCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();

    public AbortCommand(CommandContext context)
        : base("abort", "Abort a snapshot that runs.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Get(_id);
        await using var bank = await run.ConnectAsync();
        await bank.CallAsync(_ => bank.Snapshots.AbortAsync(id, "aborted by a person"), run.Interrupted);
        var summary = (await SnapshotFinder.RequireAsync(bank, id, run.Interrupted)).Summary;
        if (summary.Status == SnapshotStatus.Completed)
        {
            throw new ClientException(ErrorCode.InvalidInput, $"the snapshot {id} has completed: there is nothing to abort");
        }

        return run.Terminal.ShowObject(
            writer => SnapshotText.Write(writer, summary), page => page.Line($"{id} {SnapshotText.NameOf(summary.Status)}"));
    }
}
