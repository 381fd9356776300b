namespace Snapshots.Benchmarks;

/// <summary>The state of an account under Orleans Transactions.</summary>
[GenerateSerializer]
[Alias("snapshots.benchmarks.balance")]
internal sealed class TransactionalBalance
{
    [Id(0)]
    public long Value { get; set; }
}
