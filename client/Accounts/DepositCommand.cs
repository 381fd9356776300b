using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>account deposit</c>.</summary>
internal sealed class DepositCommand(CommandContext context) : CashCommand("deposit", "Bring money into the bank.", context)
{
    protected override Task<AccountAnswer> AskAsync(IAccountGrain account, RequestKey key, Amount amount) =>
        account.DepositAsync(key, amount);
}
