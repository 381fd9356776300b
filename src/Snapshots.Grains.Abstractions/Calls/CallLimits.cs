namespace Snapshots.Grains;

/// <summary>The bounds of a <see cref="CallCoalescer{TTarget, TRequest, TAnswer}"/>.</summary>
/// <remarks>
/// They hold for the calls that requests share. A request that such a call has left without an answer, and is made in a
/// call of its own, counts no more: each of them is awaited by who made it, who is the bound then.
/// </remarks>
public sealed record CallLimits
{
    /// <summary>Requests that one call carries at most; at least 1.</summary>
    public int MaxRequestsPerCall { get; init; } = 256;

    /// <summary>
    /// While a target has fewer requests under way than this, another one leaves without waiting for a call to end; at
    /// least 1. With 1 there is one call to a target at a time, which makes calls as large as can be. Higher, a target
    /// that is asked little is asked sooner, and may answer many small calls in one write.
    /// </summary>
    public int RequestsBeforeWaiting { get; init; } = 4;

    /// <summary>Requests to one target that wait for a call at most, those under way not counted; at least 1.</summary>
    public int MaxWaitingPerTarget { get; init; } = 65_536;

    /// <exception cref="ArgumentOutOfRangeException">A bound is less than 1.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestsPerCall, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestsBeforeWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingPerTarget, 1);
    }
}
