using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>What one account sends to another: money on its way. Immutable; equal by content.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.message")]
[Immutable]
public abstract record BankMessage
{
    private protected BankMessage(RequestKey transferId, Amount amount)
    {
        TransferId = RequestKey.Require(transferId, nameof(transferId));
        Amount = Amount.Require(amount, nameof(amount));
    }

    /// <summary>
    /// The key of the transfer that the money belongs to; never <c>default</c>. Unique at the account that was debited.
    /// </summary>
    [Id(0)]
    public RequestKey TransferId { get; }

    /// <summary>The money; never <c>default</c>.</summary>
    [Id(1)]
    public Amount Amount { get; }

    /// <summary>
    /// A stable 64-bit fingerprint of kind, key and amount; see <see cref="BankApplication.Fingerprint"/>.
    /// </summary>
    internal abstract ulong Fingerprint { get; }
}
