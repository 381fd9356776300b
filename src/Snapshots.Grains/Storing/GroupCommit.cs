namespace Snapshots.Grains;

/// <summary>
/// Coalesces writes: while one is under way its grain goes on, and the next write takes all that came since. Used from one grain's
/// scheduler only.
/// </summary>
internal sealed class GroupCommit(Func<Task> commit)
{
    private TaskCompletionSource _next = NewWaiters();
    private bool _requested;
    private bool _running;

    /// <summary>Completes when a write that began after this call has succeeded; fails as that write fails.</summary>
    public Task RequestAsync()
    {
        _requested = true;
        var waiters = _next.Task;
        if (!_running)
        {
            _running = true;
            _ = RunAsync();
        }

        return waiters;
    }

    private static TaskCompletionSource NewWaiters() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        await Task.Yield(); // Requests that are already queued at the grain join the first write.
        while (_requested)
        {
            _requested = false;
            var waiters = _next;
            _next = NewWaiters();
            try
            {
                await commit();
                waiters.SetResult();
            }
            catch (Exception exception)
            {
                waiters.SetException(exception);
                _ = waiters.Task.Exception; // A write that nobody waits for may fail unobserved; its grain was told by commit.
            }
        }

        _running = false;
    }
}
