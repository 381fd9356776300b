namespace Snapshots.Bank;

/// <summary>The wire form of <see cref="AccountView"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.account-view-surrogate")]
internal struct AccountViewSurrogate
{
    [Id(0)]
    public string Id;

    [Id(1)]
    public long Balance;

    [Id(2)]
    public long Deposited;

    [Id(3)]
    public long Withdrawn;

    [Id(4)]
    public bool Open;
}
