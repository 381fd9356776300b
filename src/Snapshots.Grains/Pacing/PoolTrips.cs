namespace Snapshots.Grains;

/// <summary>
/// Waits for as long as it takes to be served by the thread pool some times, one after the other: no time where little
/// goes on, and much where all processors are busy. What comes meanwhile joins the work that is put off, so its
/// portions grow just when they have to be few. After <see cref="MaxMs"/> no further trip begins, so that a pool that
/// is starved for a while costs one wait in its queue, as everything does then, and not four.
/// </summary>
internal sealed class PoolTrips : TaskCompletionSource, IThreadPoolWorkItem
{
    /// <summary>After so many milliseconds no further trip begins.</summary>
    public const long MaxMs = 20;

    private readonly long _beganAt = Environment.TickCount64;

    /// <summary>Chosen by measurement: 4 make a quarter fewer writes than 1, and 8 hardly fewer than 4.</summary>
    private int _left = 4;

    private PoolTrips()
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    /// <summary>Completes when the trips have been made.</summary>
    public static Task MakeAsync()
    {
        var trips = new PoolTrips();
        trips.GoOn();
        return trips.Task;
    }

    /// <inheritdoc/>
    public void Execute()
    {
        if (--_left > 0 && Environment.TickCount64 - _beganAt < MaxMs) GoOn();
        else SetResult();
    }

    /// <summary>
    /// To the queue that all threads share: what a thread does for its own work first is what this waits for.
    /// </summary>
    private void GoOn() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
