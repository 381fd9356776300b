using Orleans.Concurrency;

namespace Snapshots.Benchmarks;

/// <summary>Reentrant: else a silo would begin no more transactions at a time than it has processors.</summary>
[StatelessWorker]
[Reentrant]
internal sealed class TransactionalTellerGrain : Grain, ITransactionalTeller
{
    /// <summary>
    /// One account after the other, in the order of their names: two transfers that meet then wait, and do not
    /// deadlock.
    /// </summary>
    public async Task TransferAsync(string from, string to, long amount)
    {
        var isFirst = string.CompareOrdinal(from, to) < 0;
        await GrainFactory.GetGrain<ITransactionalAccount>(isFirst ? from : to).AddAsync(isFirst ? -amount : amount);
        await GrainFactory.GetGrain<ITransactionalAccount>(isFirst ? to : from).AddAsync(isFirst ? amount : -amount);
    }

    public async Task<long> TotalAsync(string[] accounts)
    {
        var balances = await Task.WhenAll(
            accounts.Select(account => GrainFactory.GetGrain<ITransactionalAccount>(account).ReadAsync()));
        return balances.Sum();
    }
}
