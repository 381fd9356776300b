using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Snapshots.Grains;

/// <summary>
/// Logs the calls of the protocol that fail and are repeated. Such a call has no caller who sees the exception, so one
/// that fails each time, as of a form that the other side does not know, would show itself as a timeout alone.
/// </summary>
/// <remarks>
/// An error once a minute for each kind of call. A silo that is away, a call that was cancelled, and an activation that
/// is over or refuses for now are no errors. Safe for concurrent use.
/// </remarks>
internal sealed partial class CallFailures(TimeProvider time, ILogger<CallFailures> logger)
{
    /// <summary>By kind of call; there are few.</summary>
    private readonly ConcurrentDictionary<string, LogLimit> _limits = new();

    /// <summary>Notes a call that has failed and is repeated.</summary>
    /// <param name="call">The kind of the call: one of a few words.</param>
    /// <param name="target">Which process or grain it was about.</param>
    /// <param name="exception">What it failed with.</param>
    public void Note(string call, object target, Exception exception)
    {
        if (IsExpected(exception)) LogRepeated(logger, call, target, exception);
        else if (_limits.GetOrAdd(call, static (_, time) => new LogLimit(time), time).TryPass(out var held))
        {
            LogFailed(logger, call, target, exception.GetType().Name, held, exception);
        }
    }

    /// <summary>Waits for a call whose answer nothing rests on, and notes a failure.</summary>
    public async Task WatchAsync(Task answer, string call, object target)
    {
        try
        {
            await answer.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Note(call, target, exception);
        }
    }

    /// <summary>An <see cref="InvalidOperationException"/> is how an activation says that it is over, or not ready.</summary>
    private static bool IsExpected(Exception exception) =>
        exception is OperationCanceledException or TimeoutException or OrleansException or ObjectDisposedException or RestoringException
            or DamagedStateException or BlockedChannelException or NotPersistedException or CallQueueFullException
        || exception.GetType() == typeof(InvalidOperationException);

    [LoggerMessage(1, LogLevel.Information, "The call {Call} of {Target} failed; it is repeated.")]
    private static partial void LogRepeated(ILogger logger, string call, object target, Exception exception);

    [LoggerMessage(
        2, LogLevel.Error, "The call {Call} of {Target} failed with {Type}; it is repeated. {Held} such lines were held back.")]
    private static partial void LogFailed(ILogger logger, string call, object target, string type, long held, Exception exception);
}
