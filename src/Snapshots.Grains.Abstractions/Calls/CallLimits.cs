namespace Snapshots.Grains;

/// <summary>The bounds of a <see cref="CallCoalescer{TTarget, TRequest, TAnswer}"/>.</summary>
public sealed record CallLimits
{
    /// <summary>Requests that one call carries at most; at least 1.</summary>
    public int MaxRequestsPerCall { get; init; } = 256;

    /// <summary>
    /// Calls that one target has under way at a time; at least 1. With one, calls are as large as can be; with more, a request may leave
    /// while an earlier one is not yet answered.
    /// </summary>
    public int MaxCallsPerTarget { get; init; } = 1;

    /// <summary>Requests to one target that wait for a call at most, those under way not counted; at least 1.</summary>
    public int MaxWaitingPerTarget { get; init; } = 65_536;

    /// <exception cref="ArgumentOutOfRangeException">A bound is less than 1.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestsPerCall, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCallsPerTarget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingPerTarget, 1);
    }
}
