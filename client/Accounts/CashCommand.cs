using System.CommandLine;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>account deposit|withdraw ID N [--id KEY]</c>.</summary>
internal abstract class CashCommand : ClientCommand
{
    private readonly Argument<ProcessId> _account = Inputs.Argument("ID", "The account", Read.Account);
    private readonly Argument<Amount> _amount = Inputs.Argument("N", "The money, in minor units", Read.Amount);
    private readonly Option<RequestKey> _key = KeyOption.Create();

    protected CashCommand(string name, string description, CommandContext context)
        : base(name, description, context)
    {
        Add(_account);
        Add(_amount);
        Add(_key);
    }

    /// <summary>Asks the account.</summary>
    protected abstract Task<AccountAnswer> AskAsync(IAccountGrain account, RequestKey key, Amount amount);

    protected sealed override async Task<int> RunAsync(CommandRun run)
    {
        var (id, amount, key) = (run.Get(_account), run.Get(_amount), KeyOption.Get(run, _key));
        var request = new KeyedCall(key, Name, writer =>
        {
            writer.WriteString("account", id.Value);
            writer.WriteNumber("amount", amount.Value);
        });
        await using var bank = await run.ConnectAsync();
        var answer = await request.AskAsync(bank, () => AskAsync(bank.Account(id), key, amount), run.Interrupted);
        return request.Show(run.Terminal, answer, $"{Name} {amount} at {id}");
    }
}
