namespace Snapshots.Client;

/// <summary><c>account list</c>: a naive read of every account.</summary>
internal sealed class ListAccountsCommand(CommandContext context)
    : ClientCommand("list", "List all accounts, read one by one.", context)
{
    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectAsync();
        var accounts = await AccountReader.ReadAllAsync(bank, run.Interrupted);
        return run.Terminal.ShowList(accounts, AccountText.Write, page => AccountText.Show(page, accounts));
    }
}
