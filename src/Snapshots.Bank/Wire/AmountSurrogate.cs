namespace Snapshots.Bank;

/// <summary>The wire form of <see cref="Amount"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.amount-surrogate")]
internal struct AmountSurrogate
{
    [Id(0)]
    public long Value;
}
