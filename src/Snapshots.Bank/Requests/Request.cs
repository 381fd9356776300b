namespace Snapshots.Bank;

/// <summary>What a client asks of one account. The account itself is not named: it is the one that is asked.</summary>
public abstract record Request
{
    private protected Request()
    {
    }
}
