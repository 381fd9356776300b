using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>
/// Lets requests to one target share calls. While few are under way, a request leaves at once; what comes later leaves
/// together, as soon as a call has ended. Nobody waits for a call to fill up, so who is alone waits for nobody, and
/// calls grow with the load.
/// </summary>
/// <remarks>
/// Each request has the answer, or the failure, of the call that carried it; a call that fails leaves those that wait
/// untouched. Requests to one target leave in the order in which they were made, but two calls may overtake each other.
/// A target that nobody asks costs nothing. Safe for concurrent use. Calls are made on the thread pool, without the
/// context of any of their requests.
/// </remarks>
/// <typeparam name="TTarget">Whom to call, such as the key of a grain.</typeparam>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
public sealed class CallCoalescer<TTarget, TRequest, TAnswer>
    where TTarget : notnull
    where TAnswer : class
{
    private readonly ConcurrentDictionary<TTarget, CallQueue<TTarget, TRequest, TAnswer>> _queues = new();
    private readonly Func<TTarget, ImmutableArray<TRequest>, Task<ImmutableArray<TAnswer?>>> _callForAll;
    private readonly Func<TTarget, TRequest, Task<TAnswer>> _callForOne;
    private readonly CallLimits _limits;

    /// <summary>
    /// Says how calls are made. A call must end within a bounded time: the requests that wait do so until it has.
    /// </summary>
    /// <param name="callForAll">
    /// Makes one call with one or more requests, and gives as many answers in their order; none for a request that
    /// would hold up the others.
    /// </param>
    /// <param name="callForOne">
    /// Makes a call for a request that was left without an answer. The others do not wait for it.
    /// </param>
    /// <param name="limits">The bounds; those of a new <see cref="CallLimits"/> if none are given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is less than 1.</exception>
    public CallCoalescer(
        Func<TTarget, ImmutableArray<TRequest>, Task<ImmutableArray<TAnswer?>>> callForAll,
        Func<TTarget, TRequest, Task<TAnswer>> callForOne,
        CallLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(callForAll);
        ArgumentNullException.ThrowIfNull(callForOne);
        _callForAll = callForAll;
        _callForOne = callForOne;
        _limits = limits ?? new();
        _limits.Validate();
    }

    /// <summary>The targets that have requests waiting or calls under way.</summary>
    internal int Targets => _queues.Count;

    /// <summary>How many calls to a target are under way, or about to be.</summary>
    internal int CallersOf(TTarget target) => _queues.TryGetValue(target, out var queue) ? queue.Callers : 0;

    /// <summary>
    /// Asks; completes as the call does that carries the request, or the call of its own that it needed.
    /// </summary>
    /// <exception cref="CallQueueFullException">
    /// Too many requests wait for the same target; this one was not sent.
    /// </exception>
    public Task<TAnswer> AskAsync(TTarget target, TRequest request)
    {
        while (true)
        {
            var queue = _queues.GetOrAdd(target, static (key, self) => self.Create(key), this);
            if (queue.TryAsk(request) is { } answer) return answer; // Else it had nothing left to do, and was taken away meanwhile.
        }
    }

    private CallQueue<TTarget, TRequest, TAnswer> Create(TTarget target) =>
        new(target, _callForAll, _callForOne, _limits, queue => _queues.TryRemove(new(queue.Target, queue)));
}
