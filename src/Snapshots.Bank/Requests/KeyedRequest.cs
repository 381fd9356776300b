using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>A request whose outcome is remembered under a key, so that repeating it is harmless.</summary>
public abstract record KeyedRequest : Request
{
    private protected KeyedRequest(RequestKey key, Amount amount)
    {
        Key = RequestKey.Require(key, nameof(key));
        Amount = Amount.Require(amount, nameof(amount));
    }

    /// <summary>The key; never <c>default</c>.</summary>
    public RequestKey Key { get; }

    /// <summary>The money; never <c>default</c>.</summary>
    public Amount Amount { get; }

    /// <summary>
    /// A 64-bit fingerprint of everything but the key: kind, target, amount. It is stored, so it never changes. By it
    /// an identical retry is told from another request under the same key; it guards against mistakes, not against an
    /// attacker.
    /// </summary>
    public abstract ulong Fingerprint { get; }
}
