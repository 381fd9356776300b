using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>The money of a transfer on its way back to the account that sent it. It is always credited.</summary>
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
