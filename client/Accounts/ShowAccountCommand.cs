using System.CommandLine;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>account show ID</c>.</summary>
internal sealed class ShowAccountCommand : ClientCommand
{
    private readonly Argument<ProcessId> _id = Inputs.Argument("ID", "The account", Read.Account);

    public ShowAccountCommand(CommandContext context)
        : base("show", "Show an account.", context) => Add(_id);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectAsync();
        var account = await AccountReader.ReadOpenAsync(bank, run.Get(_id), run.Interrupted);
        return run.Terminal.ShowObject(writer => AccountText.Write(writer, account), page => AccountText.Show(page, account));
    }
}
