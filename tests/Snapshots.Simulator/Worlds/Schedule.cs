namespace Snapshots.Simulator;

/// <summary>
/// What is going to happen, in the order of time; at the same time in the order in which it was planned.
/// </summary>
internal sealed class Schedule
{
    private const int SequenceBits = 24;

    private readonly PriorityQueue<Action, long> _queue = new();
    private long _sequence;

    /// <summary>The time, in milliseconds.</summary>
    public long NowMs { get; private set; }

    /// <summary>Plans something so many milliseconds from now.</summary>
    public void After(long delayMs, Action action) => At(NowMs + delayMs, action);

    /// <summary>Plans something at a time that has not passed.</summary>
    public void At(long timeMs, Action action) => _queue.Enqueue(action, (Math.Max(timeMs, NowMs) << SequenceBits) | _sequence++);

    /// <summary>Lets the next thing happen. False if nothing is left.</summary>
    public bool TryNext()
    {
        if (!_queue.TryDequeue(out var action, out var key)) return false;
        NowMs = key >> SequenceBits;
        action();
        return true;
    }
}
