using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>The outcome of one request, as an account remembers it.</summary>
/// <param name="Key">The request's key.</param>
/// <param name="Fingerprint">A fingerprint of the request's parameters: kind, target, amount.</param>
/// <param name="Reason">
/// Why it was refused; <see cref="RefusalReason.None"/> if accepted. Only
/// <see cref="RefusalReason.InsufficientFunds"/>, <see cref="RefusalReason.NotOpen"/> and
/// <see cref="RefusalReason.Overflow"/> are remembered: the others belong to no key.
/// </param>
public readonly record struct RequestEntry(RequestKey Key, ulong Fingerprint, RefusalReason Reason)
{
    /// <summary>The outcome.</summary>
    public Outcome Outcome => Reason == RefusalReason.None ? Outcome.Accepted : Outcome.Refused(Reason);

    /// <summary>Whether an account can remember this.</summary>
    internal bool IsStorable => Key != default && IsStorableReason(Reason);

    /// <summary>Whether the outcome of a request with a key can be that.</summary>
    internal static bool IsStorableReason(RefusalReason reason) => reason
        is RefusalReason.None or RefusalReason.InsufficientFunds or RefusalReason.NotOpen or RefusalReason.Overflow;
}
