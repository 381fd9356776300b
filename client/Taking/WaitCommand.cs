using System.CommandLine;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>snapshot wait ID</c>.</summary>
internal sealed class WaitCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();

    public WaitCommand(CommandContext context)
        : base("wait", "Wait for the end of a snapshot.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectAsync();
        return await SnapshotWaiter.WaitAndShowAsync(run, bank, run.Get(_id));
    }
}
