using System.CommandLine;

namespace Snapshots.Client;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static RootCommand Build(ClientEnvironment environment)
    {
        var context = new CommandContext(new GlobalOptions(), environment);
        var root = new RootCommand("Consistent global snapshots of a running bank.")
        {
            new DemoCommand(context),
            new Command("account", "Open accounts, and move money into and out of the bank.")
            {
                new OpenCommand(context),
                new ShowAccountCommand(context),
                new ListAccountsCommand(context),
                new DepositCommand(context),
                new WithdrawCommand(context),
            },
            new TransferCommand(context),
            new LoadCommand(context),
            new Command("snapshot", "Take, read and prove snapshots.")
            {
                new TakeCommand(context),
                new ListSnapshotsCommand(context),
                new ShowSnapshotCommand(context),
                new WaitCommand(context),
                new AbortCommand(context),
                new DeleteCommand(context),
                new ExportCommand(context),
                new VerifyCommand(context),
            },
            new ReplayCommand(context),
            new CompletionCommand(context),
        };
        context.Options.AddTo(root);
        return root;
    }
}
