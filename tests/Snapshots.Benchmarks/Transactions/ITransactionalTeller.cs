namespace Snapshots.Benchmarks;

/// <summary>Begins transactions, as the teller machine in Orleans's documentation does.</summary>
[Alias("snapshots.benchmarks.transactional-teller")]
internal interface ITransactionalTeller : IGrainWithIntegerKey
{
    [Alias("transfer")]
    [Transaction(TransactionOption.Create)]
    Task TransferAsync(string from, string to, long amount);

    [Alias("total")]
    [Transaction(TransactionOption.Create)]
    Task<long> TotalAsync(string[] accounts);
}
