using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>account withdraw</c>.</summary>
internal sealed class WithdrawCommand(CommandContext context) : CashCommand("withdraw", "Take money out of the bank.", context)
{
    protected override Task<AccountAnswer> AskAsync(IAccountGrain account, RequestKey key, Amount amount) =>
        account.WithdrawAsync(key, amount);
}
