namespace Snapshots.Grains;

/// <summary>
/// Wakes the one who waits. A signal that nobody waits for is kept for the next wait; several count as one.
/// </summary>
/// <remarks>Safe for concurrent use by any number of signallers and one waiter.</remarks>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = NewSource();

    public void Set() => Volatile.Read(ref _next).TrySetResult();

    /// <summary>Completes at the next signal, or after that time.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await Volatile.Read(ref _next).Task.WaitAsync(atMost, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (_next.Task.IsCompleted) Volatile.Write(ref _next, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
