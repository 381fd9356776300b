namespace Snapshots.Bank;

/// <summary>The wire form of <see cref="RequestKey"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.request-key-surrogate")]
internal struct RequestKeySurrogate
{
    [Id(0)]
    public string? Value;
}
