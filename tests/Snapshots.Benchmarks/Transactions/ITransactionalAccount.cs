namespace Snapshots.Benchmarks;

/// <summary>An account under Orleans Transactions.</summary>
[Alias("snapshots.benchmarks.transactional-account")]
internal interface ITransactionalAccount : IGrainWithStringKey
{
    [Alias("add")]
    [Transaction(TransactionOption.CreateOrJoin)]
    Task AddAsync(long amount);

    [Alias("read")]
    [Transaction(TransactionOption.CreateOrJoin)]
    Task<long> ReadAsync();
}
