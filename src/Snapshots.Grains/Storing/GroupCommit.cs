using System.Diagnostics;

namespace Snapshots.Grains;

/// <summary>
/// Coalesces writes: while one is under way its grain goes on, and the next write takes all that came since. Used from
/// one grain's scheduler only.
/// </summary>
/// <remarks>
/// It paces itself: when many asked for a write that was over at once, as with a storage in memory, the next one begins
/// some milliseconds after it. Else each answer would bring the next request, and each request a write of its own. A
/// write that waits for a disk takes longer than that, and who is alone waits for nobody.
/// </remarks>
/// <param name="commit">Writes.</param>
/// <param name="gather">What each write waits for before it begins; it does not fail.</param>
internal sealed class GroupCommit(Func<Task> commit, Func<Task> gather)
{
    /// <summary>So many requests for one write make its grain a busy one.</summary>
    private const int Many = 4;

    /// <summary>From the beginning of a busy grain's write to that of the next.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private TaskCompletionSource? _shared;
    private List<IWaiter> _waiters = [];
    private List<IWaiter> _spare = [];
    private int _requests;
    private bool _running;

    /// <summary>Writes that wait while all processors are busy; see <see cref="PoolTrips"/>.</summary>
    public GroupCommit(Func<Task> commit)
        : this(commit, PoolTrips.MakeAsync)
    {
    }

    /// <summary>Completes when a write that began after this call has succeeded; fails as that write fails.</summary>
    public Task RequestAsync()
    {
        _shared ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = _shared.Task;
        Start();
        return shared;
    }

    /// <summary>As <see cref="RequestAsync()"/>, and gives a result.</summary>
    /// <remarks>
    /// A completion source for each, in place of a method that awaits the shared one: a step is made for every request,
    /// and this saves it a state machine and a turn. What awaits the result goes on within the turn that ends the
    /// write.
    /// </remarks>
    public Task<TResult> RequestAsync<TResult>(TResult result)
    {
        var waiter = new Waiter<TResult>(result);
        _waiters.Add(waiter);
        Start();
        return waiter.Task;
    }

    private void Start()
    {
        _requests++;
        if (_running) return;
        _running = true;
        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        while (_requests > 0)
        {
            await gather();
            var many = _requests >= Many;
            _requests = 0;
            var shared = _shared;
            var waiters = _waiters;
            _shared = null;
            _waiters = _spare;
            var startedAt = Stopwatch.GetTimestamp();
            Exception? failure = null;
            try
            {
                await commit();
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            foreach (var waiter in waiters) waiter.Complete(failure);
            Complete(shared, failure);
            waiters.Clear();
            _spare = waiters;
            var left = Pace - Stopwatch.GetElapsedTime(startedAt);
            if (many && left > TimeSpan.Zero) await Task.Delay(left);
        }

        _running = false;
    }

    private static void Complete(TaskCompletionSource? shared, Exception? failure)
    {
        if (failure is null)
        {
            shared?.SetResult();
            return;
        }

        shared?.SetException(failure);
        _ = shared?.Task.Exception; // A write that nobody waits for may fail unobserved; its grain was told by commit.
    }

    private interface IWaiter
    {
        void Complete(Exception? failure);
    }

    private sealed class Waiter<TResult>(TResult result) : TaskCompletionSource<TResult>, IWaiter
    {
        public void Complete(Exception? failure)
        {
            if (failure is null) SetResult(result);
            else SetException(failure);
        }
    }
}
