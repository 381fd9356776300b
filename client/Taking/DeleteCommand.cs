using System.CommandLine;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>snapshot delete ID</c>.</summary>
internal sealed class DeleteCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();

    public DeleteCommand(CommandContext context)
        : base("delete", "Delete a snapshot that has ended.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Get(_id);
        await using var bank = await run.ConnectAsync();
        var isDeleted = await bank.CallAsync(_ => bank.Snapshots.DeleteAsync(id), run.Interrupted);
        if (!isDeleted) throw new ClientException(ErrorCode.InvalidInput, $"the snapshot {id} is running: abort it first");
        return run.Terminal.ShowObject(
            writer =>
            {
                writer.WriteString("id", id.Value);
                writer.WriteBoolean("deleted", value: true);
            },
            page => page.Line($"{id} deleted"));
    }
}
