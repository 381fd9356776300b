using System.CommandLine;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>account open ID [--deposit N]</c>.</summary>
internal sealed class OpenCommand : ClientCommand
{
    private readonly Argument<ProcessId> _id = Inputs.Argument("ID", "The account", Read.Account);
    private readonly Option<long> _deposit = Inputs.Option("--deposit", "N", "Paid in as it opens, in minor units (default 0)", Read.Deposit);

    public OpenCommand(CommandContext context)
        : base("open", "Open an account.", context)
    {
        Add(_id);
        Add(_deposit);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var id = run.Get(_id);
        await using var bank = await run.ConnectAsync();
        var answer = await bank.CallAsync(_ => bank.Account(id).OpenAsync(run.Get(_deposit)), run.Interrupted);
        if (!answer.IsAccepted) throw new ClientException(Refusals.CodeOf(answer.Reason), $"{id}: {answer.Message}");
        var account = await AccountReader.ReadOpenAsync(bank, id, run.Interrupted);
        return run.Terminal.ShowObject(writer => AccountText.Write(writer, account), page => AccountText.Show(page, account));
    }
}
