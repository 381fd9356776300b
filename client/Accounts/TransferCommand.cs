using System.CommandLine;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>transfer FROM TO AMOUNT [--id KEY]</c>.</summary>
internal sealed class TransferCommand : ClientCommand
{
    private readonly Argument<ProcessId> _from = Inputs.Argument("FROM", "The account that pays", Read.Account);
    private readonly Argument<ProcessId> _to = Inputs.Argument("TO", "The account that is paid", Read.Account);
    private readonly Argument<Amount> _amount = Inputs.Argument("AMOUNT", "The money, in minor units", Read.Amount);
    private readonly Option<RequestKey> _key = KeyOption.Create();

    public TransferCommand(CommandContext context)
        : base("transfer", "Send money from one account to another.", context)
    {
        Add(_from);
        Add(_to);
        Add(_amount);
        Add(_key);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var (from, to, amount, key) = (run.Get(_from), run.Get(_to), run.Get(_amount), KeyOption.Get(run, _key));
        if (from == to) throw new ClientException(ErrorCode.InvalidInput, $"{from} cannot transfer to itself");
        var request = new KeyedCall(key, Name, writer =>
        {
            writer.WriteString("from", from.Value);
            writer.WriteString("to", to.Value);
            writer.WriteNumber("amount", amount.Value);
        });
        await using var bank = await run.ConnectAsync();
        await using var delivery = await EmbeddedDelivery.ExpectAsync(bank, from, to, run.Interrupted);
        var answer = await request.AskAsync(bank, () => bank.Account(from).TransferAsync(key, to, amount), run.Interrupted);
        return request.Show(run.Terminal, answer, $"transfer of {amount} from {from} to {to}");
    }
}
