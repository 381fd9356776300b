namespace Snapshots.Grains;

/// <summary>
/// The callers of one grain that wait until what they have changed, or have seen, is durable. Each waits for a revision
/// of its state machine. Used from the grain's scheduler only.
/// </summary>
internal sealed class DurabilityWaiters
{
    private readonly Queue<(long Revision, IWaiter Waiter)> _waiting = [];

    /// <summary>Completes when that revision is durable; fails as the write fails.</summary>
    /// <param name="revision">At least the revision of the call before.</param>
    public Task WaitAsync(long revision) => WaitAsync(revision, true);

    /// <summary>As <see cref="WaitAsync(long)"/>, and gives a result.</summary>
    /// <remarks>
    /// A completion source for each caller, in place of a method that awaits a shared one: a step is made for every
    /// request, and this saves it a state machine and a turn.
    /// </remarks>
    public Task<TResult> WaitAsync<TResult>(long revision, TResult result)
    {
        var waiter = new Waiter<TResult>(result);
        _waiting.Enqueue((revision, waiter));
        return waiter.Task;
    }

    /// <summary>Completes all that wait for that revision or an earlier one.</summary>
    public void Release(long durable)
    {
        while (_waiting.TryPeek(out var next) && next.Revision <= durable) _waiting.Dequeue().Waiter.Complete(failure: null);
    }

    /// <summary>Fails all that wait: the activation ends, and what became of their changes is not known.</summary>
    public void Fail(Exception failure)
    {
        while (_waiting.TryDequeue(out var next)) next.Waiter.Complete(failure);
    }

    private interface IWaiter
    {
        void Complete(Exception? failure);
    }

    private sealed class Waiter<TResult>(TResult result) : TaskCompletionSource<TResult>, IWaiter
    {
        public void Complete(Exception? failure)
        {
            if (failure is null)
            {
                TrySetResult(result);
                return;
            }

            TrySetException(failure);
            _ = Task.Exception; // A caller may not have waited for it.
        }
    }
}
