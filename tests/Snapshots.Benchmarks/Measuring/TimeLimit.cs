using System.Diagnostics;

namespace Snapshots.Benchmarks;

/// <summary>The time that something may take, from now on.</summary>
internal sealed class TimeLimit(TimeSpan total)
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    /// <summary>What has passed.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>What is left; negative when the limit has passed.</summary>
    public TimeSpan Left => total - Elapsed;

    /// <summary>Whether nothing is left.</summary>
    public bool IsOver => Left <= TimeSpan.Zero;
}
