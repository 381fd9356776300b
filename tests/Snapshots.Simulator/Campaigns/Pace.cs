using System.Diagnostics;

namespace Snapshots.Simulator;

/// <summary>
/// How fast a campaign is once it is warm: the first quarter is run by code that is still being compiled and is left
/// out, if the campaign is long enough. Safe for concurrent use.
/// </summary>
internal sealed class Pace(int runs)
{
    private readonly Lock _lock = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private (int Done, long At) _warm;
    private (int Done, long At) _last;

    /// <summary>Runs per second.</summary>
    public double PerSecond
    {
        get
        {
            lock (_lock)
            {
                var from = _last.Done > _warm.Done ? _warm : default;
                return (_last.Done - from.Done) / Stopwatch.GetElapsedTime(from.Done == 0 ? _started : from.At, _last.At).TotalSeconds;
            }
        }
    }

    /// <summary>So many runs are done.</summary>
    public void Report(int done)
    {
        lock (_lock)
        {
            if (done <= _last.Done) return;
            _last = (done, Stopwatch.GetTimestamp());
            if (_warm.Done == 0 && done >= runs / 4) _warm = _last;
        }
    }
}
