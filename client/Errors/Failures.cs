using System.Net.Sockets;
using Orleans.Runtime.Messaging;
using Snapshots.Grains;
using Snapshots.Scripts;
using Snapshots.Storage;

namespace Snapshots.Client;

/// <summary>The one place that knows what an exception means to the user.</summary>
internal static class Failures
{
    /// <summary>What an exception that ended a command means.</summary>
    public static Failure Of(Exception exception, CancellationToken interrupted) => exception switch
    {
        ClientException known => known.Failure,
        OperationCanceledException when interrupted.IsCancellationRequested => new(ErrorCode.Interrupted, "interrupted"),
        TimeoutException => new(ErrorCode.Timeout, "no answer in time"),
        _ when IsUnreachable(exception) => new(ErrorCode.ClusterUnreachable, $"the cluster cannot be reached: {Line(exception.Message)}"),
        KeyNotFoundException => new(ErrorCode.NotFound, Line(exception.Message)),
        ScriptException => new(ErrorCode.InvalidInput, Line(exception.Message)),
        _ when IsPlain(exception) => new(ErrorCode.Unexpected, Line(exception.Message)),
        _ => new(ErrorCode.Unexpected, Line($"{exception.GetType().Name}: {exception.Message}")),
    };

    /// <summary>Whether the exception says that no silo takes calls.</summary>
    public static bool IsUnreachable(Exception exception) => exception
        is SiloUnavailableException
        or OrleansMessageRejectionException
        or ConnectionFailedException
        or GatewayTooBusyException
        or ClientNotAvailableException
        or SocketException;

    /// <summary>A message as one line.</summary>
    public static string Line(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Exceptions whose message says everything that the user can use.</summary>
    private static bool IsPlain(Exception exception) => exception
        is DataDirectoryException
        or NotPersistedException
        or ChannelFullException
        or TooManySnapshotsException
        or IOException
        or UnauthorizedAccessException;
}
