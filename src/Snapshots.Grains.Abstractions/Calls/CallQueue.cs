using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Snapshots.Grains;

/// <summary>
/// The requests to one target, and the calls that carry them. Of no more use once it has nothing to do.
/// </summary>
/// <param name="target">Whom to call.</param>
/// <param name="callForAll">Makes one call for many requests.</param>
/// <param name="callForOne">Makes a call for a request that such a call has left without an answer.</param>
/// <param name="limits">The bounds.</param>
/// <param name="retire">Called under the lock when it has nothing to do: from then on it takes nothing.</param>
internal sealed class CallQueue<TTarget, TRequest, TAnswer>(
    TTarget target,
    Func<TTarget, ImmutableArray<TRequest>, Task<ImmutableArray<TAnswer?>>> callForAll,
    Func<TTarget, TRequest, Task<TAnswer>> callForOne,
    CallLimits limits,
    Action<CallQueue<TTarget, TRequest, TAnswer>> retire)
    where TAnswer : class
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiting = new();
    private int _callers;
    private int _underWay;

    /// <summary>
    /// Whether a caller is on its way to the waiting requests: it takes those that come meanwhile, too.
    /// </summary>
    private bool _callerComes;
    private bool _isRetired;

    /// <summary>Whom to call.</summary>
    public TTarget Target => target;

    /// <summary>The calls under way or about to be.</summary>
    public int Callers
    {
        get
        {
            lock (_lock) return _callers;
        }
    }

    private bool EnoughUnderWay => _underWay >= limits.RequestsBeforeWaiting;

    /// <summary>The answer to come, or a <see cref="CallQueueFullException"/>; none if the queue is retired.</summary>
    public Task<TAnswer>? TryAsk(TRequest request)
    {
        var waiter = new Waiter(request);
        lock (_lock)
        {
            if (_isRetired) return null;
            if (_waiting.Count >= limits.MaxWaitingPerTarget) return Task.FromException<TAnswer>(new CallQueueFullException(_waiting.Count));
            _waiting.Enqueue(waiter);
            SendCallerIfDue();
        }

        return waiter.Task;
    }

    private void SendCallerIfDue()
    {
        if (_callerComes || EnoughUnderWay || _waiting.Count == 0) return;
        _callerComes = true;
        _callers++;

        // Not here: requests that are made in the same breath share the first call, and no caller's context goes with
        // it.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.CallWhileAnyWaitsAsync(), this, preferLocal: false);
    }

    private async Task CallWhileAnyWaitsAsync()
    {
        for (var waiters = TakeFirst(); waiters is not null; waiters = TakeNext(waiters.Length)) await CallAsync(waiters).ConfigureAwait(false);
    }

    /// <summary>
    /// Those who go with the first call of a caller that has come; none if others have taken enough meanwhile.
    /// </summary>
    private Waiter[]? TakeFirst()
    {
        lock (_lock)
        {
            _callerComes = false;
            return EnoughUnderWay ? End() : TakeOrEnd();
        }
    }

    /// <summary>
    /// Those who go with a caller's next call, after the one that has answered so many; none if it has ended.
    /// </summary>
    private Waiter[]? TakeNext(int answered)
    {
        lock (_lock)
        {
            _underWay -= answered;
            return TakeOrEnd();
        }
    }

    private Waiter[]? TakeOrEnd()
    {
        if (_waiting.Count == 0) return End();
        var waiters = new Waiter[Math.Min(_waiting.Count, limits.MaxRequestsPerCall)];
        for (var index = 0; index < waiters.Length; index++) waiters[index] = _waiting.Dequeue();
        _underWay += waiters.Length;
        SendCallerIfDue();
        return waiters;
    }

    /// <summary>One caller less; what still waits is taken by one of the others.</summary>
    private Waiter[]? End()
    {
        if (--_callers > 0) return null;
        _isRetired = true;
        retire(this);
        return null;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, those who made the requests are told.")]
    private async Task CallAsync(Waiter[] waiters)
    {
        try
        {
            var requests = new TRequest[waiters.Length];
            for (var index = 0; index < requests.Length; index++) requests[index] = waiters[index].Request;
            var answers = await callForAll(target, ImmutableCollectionsMarshal.AsImmutableArray(requests)).ConfigureAwait(false);
            if (answers.IsDefault || answers.Length != waiters.Length)
            {
                throw new InvalidOperationException($"a call with {waiters.Length} requests gave {(answers.IsDefault ? 0 : answers.Length)} answers");
            }

            for (var index = 0; index < waiters.Length; index++)
            {
                if (answers[index] is { } answer) waiters[index].SetResult(answer);
                else _ = CallForOneAsync(waiters[index]);
            }
        }
        catch (Exception exception)
        {
            foreach (var waiter in waiters) waiter.TrySetException(exception);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, who made the request is told.")]
    private async Task CallForOneAsync(Waiter waiter)
    {
        try
        {
            waiter.SetResult(await callForOne(target, waiter.Request).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            waiter.TrySetException(exception);
        }
    }

    private sealed class Waiter(TRequest request) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TRequest Request => request;
    }
}
