namespace Snapshots.Protocol;

/// <summary>
/// The one back-off of the project: the pause before each retry, doubled from the first to the longest.
/// </summary>
/// <param name="FirstMs">The pause before the first retry, in milliseconds; at least 1.</param>
/// <param name="MaxMs">The longest pause, in milliseconds; at least <paramref name="FirstMs"/>.</param>
public readonly record struct Backoff(long FirstMs, long MaxMs)
{
    /// <summary>Returns the pause before that retry, in milliseconds; 0 is the first retry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of the retry is negative.</exception>
    public long PauseMs(int retry)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retry);
        var pause = FirstMs;
        while (retry-- > 0 && pause < MaxMs) pause = pause > MaxMs / 2 ? MaxMs : pause * 2;
        return Math.Min(pause, MaxMs);
    }

    /// <summary>As <see cref="PauseMs"/>, as a span of time.</summary>
    public TimeSpan Pause(int retry) => TimeSpan.FromMilliseconds(PauseMs(retry));
}
