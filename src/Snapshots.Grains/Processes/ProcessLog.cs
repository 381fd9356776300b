using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The log messages of participant grains.</summary>
internal static partial class ProcessLog
{
    [LoggerMessage(
        6, LogLevel.Error, "{Process} cannot read what came from its inbox; it will come again. {Held} such lines were held back.")]
    public static partial void NotRead(ILogger logger, ProcessId process, long held, Exception exception);

    [LoggerMessage(
        7, LogLevel.Error, "The handler of {Process} throws at {Message}. What follows on that channel waits until a new build handles it.")]
    public static partial void HandlerFailed(ILogger logger, ProcessId process, string message, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The inbox stream of {Process} reports an error.")]
    public static partial void StreamError(ILogger logger, ProcessId process, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The state of {Process} could not be kept; it is reloaded from its storage.")]
    public static partial void NotPersisted(ILogger logger, ProcessId process, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "The channel {Channel} has a fault, {Kind}: {Detail}")]
    public static partial void Fault(ILogger logger, ChannelId channel, ChannelFaultKind kind, string detail);

    [LoggerMessage(5, LogLevel.Error, "{Process} is not started, and nothing of it is overwritten: {Damage}")]
    public static partial void Damaged(ILogger logger, ProcessId process, string damage);

    [LoggerMessage(
        8, LogLevel.Warning, "{Process} is not registered, so it has made no step: it starts with an empty record. {Damage}")]
    public static partial void NeverRegistered(ILogger logger, ProcessId process, string damage);
}
