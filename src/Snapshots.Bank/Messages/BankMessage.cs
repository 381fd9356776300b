using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>A message from one account to another: money in transit. Immutable; equal by content.</summary>
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

    /// <summary>The key of the transfer; never <c>default</c>. Unique at the account that was debited.</summary>
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

/// <summary>Money for the receiver. If it cannot be credited, a <see cref="ReturnMessage"/> carries it back.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.transfer")]
[Immutable]
public sealed record TransferMessage : BankMessage
{
    /// <summary>Makes the message.</summary>
    /// <exception cref="ArgumentException">The key or the amount is <c>default</c>.</exception>
    public TransferMessage(RequestKey transferId, Amount amount)
        : base(transferId, amount)
    {
    }

    /// <inheritdoc/>
    internal override ulong Fingerprint => new Fnv1a().Then((byte)'T').Then(TransferId).Then(Amount.Value).Value;
}

/// <summary>The money of a transfer on its way back to its sender, where it is always credited.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.return")]
[Immutable]
public sealed record ReturnMessage : BankMessage
{
    /// <summary>Makes the message.</summary>
    /// <exception cref="ArgumentException">The key or the amount is <c>default</c>.</exception>
    public ReturnMessage(RequestKey transferId, Amount amount)
        : base(transferId, amount)
    {
    }

    /// <inheritdoc/>
    internal override ulong Fingerprint => new Fnv1a().Then((byte)'R').Then(TransferId).Then(Amount.Value).Value;
}
