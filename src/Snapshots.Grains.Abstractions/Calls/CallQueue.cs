using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Snapshots.Grains;

/// <summary>The requests to one target, and the calls that carry them. Of no more use once it has nothing to do.</summary>
/// <param name="call">Makes one call.</param>
/// <param name="limits">The bounds.</param>
/// <param name="retire">Called under the lock when it has nothing to do: from then on it takes nothing.</param>
internal sealed class CallQueue<TRequest, TAnswer>(
    Func<ImmutableArray<TRequest>, Task<ImmutableArray<TAnswer>>> call, CallLimits limits, Action<CallQueue<TRequest, TAnswer>> retire)
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiting = new();
    private int _callers;
    private bool _isRetired;

    /// <summary>The answer to come; none if the queue is retired.</summary>
    /// <exception cref="CallQueueFullException">Too many wait.</exception>
    public Task<TAnswer>? TryAsk(TRequest request)
    {
        var waiter = new Waiter(request);
        lock (_lock)
        {
            if (_isRetired) return null;
            if (_waiting.Count >= limits.MaxWaitingPerTarget) throw new CallQueueFullException(_waiting.Count);
            _waiting.Enqueue(waiter);
            if (_callers >= limits.MaxCallsPerTarget) return waiter.Task;
            _callers++;
        }

        // Not here: requests that are made in the same breath share the first call, and no caller's context goes with it.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.CallWhileAnyWaitsAsync(), this, preferLocal: false);
        return waiter.Task;
    }

    private async Task CallWhileAnyWaitsAsync()
    {
        while (Take() is { } waiters) await CallAsync(waiters).ConfigureAwait(false);
    }

    /// <summary>Those who go with the next call; none if this caller has ended.</summary>
    private Waiter[]? Take()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
            {
                var waiters = new Waiter[Math.Min(_waiting.Count, limits.MaxRequestsPerCall)];
                for (var index = 0; index < waiters.Length; index++) waiters[index] = _waiting.Dequeue();
                return waiters;
            }

            if (--_callers > 0) return null;
            _isRetired = true;
            retire(this);
            return null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, those who made the requests are told.")]
    private async Task CallAsync(Waiter[] waiters)
    {
        try
        {
            var requests = new TRequest[waiters.Length];
            for (var index = 0; index < requests.Length; index++) requests[index] = waiters[index].Request;
            var answers = await call(ImmutableCollectionsMarshal.AsImmutableArray(requests)).ConfigureAwait(false);
            if (answers.IsDefault || answers.Length != waiters.Length)
            {
                throw new InvalidOperationException($"a call with {waiters.Length} requests gave {(answers.IsDefault ? 0 : answers.Length)} answers");
            }

            for (var index = 0; index < waiters.Length; index++) waiters[index].SetResult(answers[index]);
        }
        catch (Exception exception)
        {
            foreach (var waiter in waiters) waiter.TrySetException(exception);
        }
    }

    private sealed class Waiter(TRequest request) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TRequest Request => request;
    }
}
