using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>Brings money into the bank.</summary>
public sealed record DepositRequest : KeyedRequest
{
    /// <summary>Makes the request.</summary>
    /// <exception cref="ArgumentException">The key or the amount is <c>default</c>.</exception>
    public DepositRequest(RequestKey key, Amount amount)
        : base(key, amount)
    {
    }

    /// <inheritdoc/>
    public override ulong Fingerprint => new Fnv1a().Then((byte)'d').Then(Amount.Value).Value;
}
