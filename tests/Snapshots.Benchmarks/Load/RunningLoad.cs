using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Snapshots.Client;

namespace Snapshots.Benchmarks;

/// <summary>
/// A closed loop: so many calls in flight, each followed by the next. Every side of every comparison is driven by this
/// very loop.
/// </summary>
/// <param name="call">The n-th call; false when it does not count.</param>
internal sealed class RunningLoad(Func<long, Task<bool>> call)
{
    private const int MaxErrors = 100;

    private LatencyHistogram _latency = new();
    private bool _stopped;
    private Task _workers = Task.CompletedTask;
    private long _next = -1;
    private long _done;
    private int _errors;

    /// <summary>Calls that ended and counted.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Calls that threw.</summary>
    public int Errors => Volatile.Read(ref _errors);

    /// <summary>What the first of them threw.</summary>
    public Exception? FirstError { get; private set; }

    /// <summary>How long calls took since <see cref="Start"/> or <see cref="RestartLatency"/>.</summary>
    public LatencyHistogram Latency => Volatile.Read(ref _latency);

    /// <summary>Begins, or begins again after <see cref="StopAsync"/>.</summary>
    public void Start(int concurrency)
    {
        RestartLatency();
        Volatile.Write(ref _stopped, false);
        _workers = Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>From now on the latency is that of a new stretch of the load.</summary>
    public void RestartLatency() => Volatile.Write(ref _latency, new());

    /// <summary>Begins no more calls and waits for those in flight.</summary>
    public Task StopAsync()
    {
        Volatile.Write(ref _stopped, true);
        return _workers;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a call throws is counted and told of.")]
    private async Task WorkAsync()
    {
        while (!Volatile.Read(ref _stopped) && Errors < MaxErrors)
        {
            var number = Interlocked.Increment(ref _next);
            var startedAt = Stopwatch.GetTimestamp();
            try
            {
                if (!await call(number)) continue;
                Latency.Record(Stopwatch.GetElapsedTime(startedAt));
                Interlocked.Increment(ref _done);
            }
            catch (Exception exception)
            {
                FirstError ??= exception;
                Interlocked.Increment(ref _errors);
            }
        }
    }
}
