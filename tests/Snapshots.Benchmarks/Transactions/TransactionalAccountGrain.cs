using Orleans.Concurrency;
using Orleans.Transactions.Abstractions;
using Snapshots.Bank.Hosting;

namespace Snapshots.Benchmarks;

/// <summary>Reentrant, as Orleans asks of every grain with transactional state.</summary>
[Reentrant]
internal sealed class TransactionalAccountGrain(
    [TransactionalState("balance", BankSiloExtensions.StorageName)] ITransactionalState<TransactionalBalance> balance)
    : Grain, ITransactionalAccount
{
    public Task AddAsync(long amount) => balance.PerformUpdate(state =>
    {
        if (state.Value + amount < 0) throw new InvalidOperationException("not enough money");
        state.Value += amount;
    });

    public Task<long> ReadAsync() => balance.PerformRead(state => state.Value);
}
