using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains;

/// <summary>Hosts one account. Every request is one step of the account's process; nothing is decided here.</summary>
[SnapshotProcess(BankApplication.Name)]
internal sealed class AccountGrain(ProcessServices services)
    : ProcessGrain<AccountState, BankMessage>(services, BankApplication.Instance), IAccountGrain
{
    public Task<AccountAnswer> OpenAsync(long initialDeposit) => ExecuteAsync(new OpenRequest(initialDeposit), key: null);

    public Task<AccountAnswer> DepositAsync(RequestKey key, Amount amount) => ExecuteAsync(new DepositRequest(key, amount), key);

    public Task<AccountAnswer> WithdrawAsync(RequestKey key, Amount amount) => ExecuteAsync(new WithdrawRequest(key, amount), key);

    public Task<AccountAnswer> TransferAsync(RequestKey key, ProcessId to, Amount amount) =>
        ExecuteAsync(new TransferRequest(key, to, amount), key);

    public Task<AccountView> GetAsync() => Task.FromResult(Read(state => new AccountView(Self, state)));

    private Task<AccountAnswer> ExecuteAsync(Request request, RequestKey? key) => StepAsync(state =>
    {
        var execution = Account.Execute(Self, state, request);
        return new Step<AccountState, BankMessage, AccountAnswer>(
            new AccountAnswer(execution.Outcome, execution.Duplicate, key), execution.Reaction);
    });
}
