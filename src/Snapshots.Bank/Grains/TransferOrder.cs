using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>One transfer among those that one call asks for; as the arguments of <see cref="IAccountGrain.TransferAsync"/>.</summary>
/// <param name="Key">Names it at its account.</param>
/// <param name="To">The account that gets the money.</param>
/// <param name="Amount">The money.</param>
[GenerateSerializer]
[Alias("snapshots.bank.transfer-order")]
[Immutable]
public readonly record struct TransferOrder(
    [property: Id(0)] RequestKey Key, [property: Id(1)] ProcessId To, [property: Id(2)] Amount Amount)
{
    /// <summary>The request at the account <paramref name="from"/>.</summary>
    /// <exception cref="ArgumentException">A part of it is <c>default</c>, or it is a transfer from the account to itself.</exception>
    public TransferRequest ToRequest(ProcessId from)
    {
        var request = new TransferRequest(Key, To, Amount);
        Account.RequirePossible(from, To);
        return request;
    }

    /// <summary>Throws what <see cref="ToRequest"/> would, and makes nothing.</summary>
    /// <exception cref="ArgumentException">A part of it is <c>default</c>, or it is a transfer from the account to itself.</exception>
    internal void RequirePossible(ProcessId from)
    {
        RequestKey.Require(Key, nameof(Key));
        Amount.Require(Amount, nameof(Amount));
        TransferRequest.RequireTarget(To);
        Account.RequirePossible(from, To);
    }
}
