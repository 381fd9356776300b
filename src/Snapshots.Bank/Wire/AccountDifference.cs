namespace Snapshots.Bank;

/// <summary>The stored form of what changed between two states of an account.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.account-difference")]
internal struct AccountDifference
{
    [Id(0)]
    public bool Open;

    [Id(1)]
    public long Balance;

    [Id(2)]
    public long Deposited;

    [Id(3)]
    public long Withdrawn;

    [Id(4)]
    public MemoryDifference Requests;
}
