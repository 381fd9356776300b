using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// Sends money to another account. Whether that one is open is not asked: if it is not, the money comes back.
/// </summary>
public sealed record TransferRequest : KeyedRequest
{
    /// <summary>Makes the request.</summary>
    /// <exception cref="ArgumentException">The key, the target or the amount is <c>default</c>.</exception>
    public TransferRequest(RequestKey key, ProcessId to, Amount amount)
        : base(key, amount) => To = RequireTarget(to);

    /// <summary>The account that gets the money; another one than the account that is asked.</summary>
    public ProcessId To { get; }

    /// <inheritdoc/>
    public override ulong Fingerprint => new Fnv1a().Then((byte)'t').Then(To.Value).Then(Amount.Value).Value;

    /// <summary>Returns the target unless it is <c>default</c>.</summary>
    internal static ProcessId RequireTarget(ProcessId to) =>
        to != default ? to : throw new ArgumentException("a transfer has a target", nameof(to));
}
