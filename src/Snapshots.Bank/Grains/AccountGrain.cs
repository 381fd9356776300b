using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>Hosts one account. Every request is one step of the account's process; nothing is decided here.</summary>
[SnapshotProcess(BankApplication.Name)]
internal sealed class AccountGrain(ProcessServices services)
    : ProcessGrain<AccountState, BankMessage>(services, BankApplication.Instance), IAccountGrain
{
    public Task<AccountAnswer> OpenAsync(long initialDeposit) => ExecuteAsync(new OpenRequest(initialDeposit));

    public Task<AccountAnswer> DepositAsync(RequestKey key, Amount amount) =>
        ExecuteAsync(new DepositRequest(key, amount));

    public Task<AccountAnswer> WithdrawAsync(RequestKey key, Amount amount) =>
        ExecuteAsync(new WithdrawRequest(key, amount));

    public Task<AccountAnswer> TransferAsync(RequestKey key, ProcessId to, Amount amount) =>
        ExecuteAsync(new TransferRequest(key, to, amount));

    public Task<ImmutableArray<AccountAnswer?>> TransferAllAsync(ImmutableArray<TransferOrder> orders)
    {
        if (orders.IsDefault || orders.Length > BankLimits.MaxTransfersPerCall)
        {
            throw new ArgumentException(
                $"a call makes 0 to {BankLimits.MaxTransfersPerCall} transfers", nameof(orders));
        }

        // All orders are checked before the first is executed.
        return StepAllAsync(
            ImmutableArray.CreateRange(orders, static (order, self) => order.ToRequest(self), Self), Decide);
    }

    public Task<AccountView> GetAsync() => Task.FromResult(Read(state => new AccountView(Self, state)));

    private Task<AccountAnswer> ExecuteAsync(Request request) => StepAsync(state => Decide(state, request));

    private Step<AccountState, BankMessage, AccountAnswer> Decide(AccountState state, Request request)
    {
        var execution = Account.Execute(Self, state, request);
        return new(
            new AccountAnswer(execution.Outcome, execution.Duplicate, (request as KeyedRequest)?.Key),
            execution.Reaction);
    }
}

/// <summary>Adds the bank to a silo.</summary>
public static class BankGrainsExtensions
{
    /// <summary>
    /// Adds the account grains with the snapshots. The silo also needs clustering and a grain storage, see
    /// <see cref="SnapshotsHostingExtensions.AddSnapshots"/>.
    /// </summary>
    public static ISiloBuilder AddBankGrains(this ISiloBuilder silo, Action<SnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddSingleton<IStateDifference<AccountState>, AccountStateDifference>();
        silo.Services.AddSingleton<IMessageForm<BankMessage>, BankMessageForm>();
        return silo.AddSnapshots(configure);
    }
}
