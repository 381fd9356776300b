using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>Takes money out of the bank.</summary>
public sealed record WithdrawRequest : KeyedRequest
{
    /// <summary>Makes the request.</summary>
    /// <exception cref="ArgumentException">The key or the amount is <c>default</c>.</exception>
    public WithdrawRequest(RequestKey key, Amount amount)
        : base(key, amount)
    {
    }

    /// <inheritdoc/>
    public override ulong Fingerprint => new Fnv1a().Then((byte)'w').Then(Amount.Value).Value;
}
