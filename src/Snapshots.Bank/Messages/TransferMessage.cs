using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>Money for the receiver. If it cannot be credited, it goes back as a <see cref="ReturnMessage"/>.</summary>
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
