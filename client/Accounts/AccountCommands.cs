namespace Snapshots.Client;

/// <summary><c>account open ID [--deposit N]</c>.</summary>
internal sealed class OpenCommand : ClientCommand
{
    private readonly Argument<ProcessId> _id = Inputs.Argument("ID", "The account", Read.Account);
    private readonly Option<long> _deposit = Inputs.Option(
        "--deposit", "N", "The money that it opens with, in minor units (default 0)", Read.Deposit);

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
        if (!answer.IsAccepted) throw new ClientException(Refusals.CodeOf(answer), $"{id}: {answer.Message}");
        var account = await AccountReader.ReadOpenAsync(bank, id, run.Interrupted);
        return run.Terminal.ShowObject(
            writer => AccountText.Write(writer, account), page => AccountText.Show(page, account));
    }
}

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
        return run.Terminal.ShowObject(
            writer => AccountText.Write(writer, account), page => AccountText.Show(page, account));
    }
}

/// <summary><c>account list</c>: a naive read of every account.</summary>
internal sealed class ListAccountsCommand(CommandContext context)
    : ClientCommand("list", "List all accounts; each is read on its own.", context)
{
    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectAsync();
        var accounts = await AccountReader.ReadAllAsync(bank, run.Interrupted);
        return run.Terminal.ShowList(accounts, AccountText.Write, page => AccountText.Show(page, accounts));
    }
}

/// <summary><c>account deposit|withdraw ID N [--id KEY]</c>.</summary>
internal abstract class CashCommand : ClientCommand
{
    private readonly string _noun;
    private readonly Argument<ProcessId> _account = Inputs.Argument("ID", "The account", Read.Account);
    private readonly Argument<Amount> _amount = Inputs.Argument("N", "The money, in minor units", Read.Amount);
    private readonly Option<RequestKey> _key = KeyOption.Create();

    protected CashCommand(string name, string noun, string description, CommandContext context)
        : base(name, description, context)
    {
        _noun = noun;
        Add(_account);
        Add(_amount);
        Add(_key);
    }

    /// <summary>Sends the request to the account.</summary>
    protected abstract Task<AccountAnswer> AskAsync(IAccountGrain account, RequestKey key, Amount amount);

    protected sealed override async Task<int> RunAsync(CommandRun run)
    {
        var (id, amount, key) = (run.Get(_account), run.Get(_amount), KeyOption.Get(run, _key));
        var request = new KeyedCall(key, _noun, writer =>
        {
            writer.WriteString("account", id.Value);
            writer.WriteNumber("amount", amount.Value);
        });
        await using var bank = await run.ConnectAsync();
        var answer = await request.AskAsync(bank, () => AskAsync(bank.Account(id), key, amount), run.Interrupted);
        return request.Show(run.Terminal, answer, $"{_noun} of {amount} at {id}");
    }
}

/// <summary><c>account deposit</c>.</summary>
internal sealed class DepositCommand(CommandContext context)
    : CashCommand("deposit", "deposit", "Bring money into the bank.", context)
{
    protected override Task<AccountAnswer> AskAsync(IAccountGrain account, RequestKey key, Amount amount) =>
        account.DepositAsync(key, amount);
}

/// <summary><c>account withdraw</c>.</summary>
internal sealed class WithdrawCommand(CommandContext context)
    : CashCommand("withdraw", "withdrawal", "Take money out of the bank.", context)
{
    protected override Task<AccountAnswer> AskAsync(IAccountGrain account, RequestKey key, Amount amount) =>
        account.WithdrawAsync(key, amount);
}

/// <summary>Shows accounts, as JSON and as a table.</summary>
internal static class AccountText
{
    public static void Write(Utf8JsonWriter writer, AccountView account)
    {
        writer.WriteString("id", account.Id.Value);
        writer.WriteNumber("balance", account.Balance);
        writer.WriteNumber("deposited", account.Deposited);
        writer.WriteNumber("withdrawn", account.Withdrawn);
        writer.WriteBoolean("open", account.Open);
    }

    public static void Show(Page page, params IEnumerable<AccountView> accounts) => page.Table(
        ["account", "#balance", "#deposited", "#withdrawn", "open"],
        accounts.Select(account => (IReadOnlyList<string>)
        [
            account.Id.Value,
            Number(account.Balance),
            Number(account.Deposited),
            Number(account.Withdrawn),
            account.Open ? "yes" : "no",
        ]));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
