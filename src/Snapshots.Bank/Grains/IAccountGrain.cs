using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>One account, as clients see it. The grain's key is the account's id, an <see cref="Identifier"/>.</summary>
/// <remarks>
/// An answer is given only when what it says is persisted. When there is no answer, repeat the request under the same
/// key: it is executed at most once. Bad arguments throw <see cref="ArgumentException"/> and change nothing.
/// </remarks>
[Alias("snapshots.bank.account")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Opens the account with a deposit of 0 … <see cref="BankLimits.MaxAmount"/> minor units.</summary>
    [Alias("open")]
    Task<AccountAnswer> OpenAsync(long initialDeposit);

    /// <summary>Brings money into the bank.</summary>
    [Alias("deposit")]
    Task<AccountAnswer> DepositAsync(RequestKey key, Amount amount);

    /// <summary>Takes money out of the bank.</summary>
    [Alias("withdraw")]
    Task<AccountAnswer> WithdrawAsync(RequestKey key, Amount amount);

    /// <summary>Sends money to another account; accepted means that it left this one.</summary>
    [Alias("transfer")]
    Task<AccountAnswer> TransferAsync(RequestKey key, ProcessId to, Amount amount);

    /// <summary>
    /// Makes 0 … <see cref="BankLimits.MaxTransfersPerCall"/> transfers, one after the other, and gives an answer to each, in their order.
    /// Where <see cref="TransferAsync"/> would wait, since too much is under way to the target, nothing is done and the answer is
    /// <c>null</c>. If one is no transfer, none is made.
    /// </summary>
    [Alias("transfer-all")]
    Task<ImmutableArray<AccountAnswer?>> TransferAllAsync(ImmutableArray<TransferOrder> orders);

    /// <summary>The account as it is now, open or not.</summary>
    [Alias("get")]
    Task<AccountView> GetAsync();
}
