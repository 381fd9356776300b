using Orleans.Concurrency;

namespace Snapshots.Benchmarks;

/// <summary>Reentrant: else a silo would begin no more transactions at a time than it has processors.</summary>
[StatelessWorker]
[Reentrant]
internal sealed class TransactionalTellerGrain : Grain, ITransactionalTeller
{
    public Task TransferAsync(string from, string to, long amount) => Task.WhenAll(
        GrainFactory.GetGrain<ITransactionalAccount>(from).AddAsync(-amount),
        GrainFactory.GetGrain<ITransactionalAccount>(to).AddAsync(amount));

    public async Task<long> TotalAsync(string[] accounts)
    {
        var balances = await Task.WhenAll(accounts.Select(account => GrainFactory.GetGrain<ITransactionalAccount>(account).ReadAsync()));
        return balances.Sum();
    }
}
