using System.CommandLine.Parsing;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;
using Snapshots.Scripts;
using Snapshots.Storage;

namespace Snapshots.Client;

/// <summary>Translates exceptions into failures for the user.</summary>
internal static class Failures
{
    /// <summary>Translates the exception that ended a command.</summary>
    public static Failure Of(Exception exception, CancellationToken interrupted) => exception switch
    {
        ClientException known => known.Failure,
        OperationCanceledException when interrupted.IsCancellationRequested =>
            new(ErrorCode.Interrupted, "interrupted"),
        TimeoutException => new(ErrorCode.Timeout, "no answer in time"),
        _ when IsUnreachable(exception) =>
            new(ErrorCode.ClusterUnreachable, $"the cluster cannot be reached: {Line(exception.Message)}"),
        RestoringException => new(ErrorCode.Restoring, Line(exception.Message)),
        DamagedStateException => new(ErrorCode.Damaged, Line(exception.Message)),
        KeyNotFoundException => new(ErrorCode.NotFound, Line(exception.Message)),
        QueryException { IsTooLate: true } => new(ErrorCode.Timeout, $"{Line(exception.Message)}; see --timeout"),
        QueryException => new(ErrorCode.InvalidInput, Line(exception.Message)),
        SnapshotPinnedException => new(ErrorCode.Pinned, Line(exception.Message)),
        ScriptException => new(ErrorCode.InvalidInput, Line(exception.Message)),
        _ when IsPlain(exception) => new(ErrorCode.Unexpected, Line(exception.Message)),
        _ => new(ErrorCode.Unexpected, Line($"{exception.GetType().Name}: {exception.Message}")),
    };

    /// <summary>Whether the exception says that no silo accepts calls.</summary>
    public static bool IsUnreachable(Exception exception) => exception
        is SiloUnavailableException
        or OrleansMessageRejectionException
        or ConnectionFailedException
        or GatewayTooBusyException
        or ClientNotAvailableException
        or SocketException;

    /// <summary>Returns a message as one line.</summary>
    public static string Line(string message) =>
        string.Join(
            ' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Whether the message alone tells the user enough.</summary>
    private static bool IsPlain(Exception exception) => exception
        is DataDirectoryException
        or NotPersistedException
        or ChannelFullException
        or TooManySnapshotsException
        or NotSupportedException
        or IOException
        or UnauthorizedAccessException;
}

/// <summary>Turns an error of the parser into a failure: a wrong value is invalid input, the rest is usage.</summary>
internal static class UsageErrors
{
    public static ClientException ToException(ParseResult parsed)
    {
        // The unknown word matters more than the parser's "required command was not provided".
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            var word = unknown.Split('=')[0];
            var meant = Suggestion.For(word, parsed.CommandResult.Command);
            var hint = meant is null ? "see --help" : $"did you mean '{meant}'?";
            return new(
                ErrorCode.Usage, Failures.Line($"'{word}' is not a command, option or argument here; {hint}"));
        }

        var error = parsed.Errors[0];
        var isValue = error.SymbolResult is ArgumentResult { Tokens.Count: > 0 } or OptionResult { Tokens.Count: > 0 };
        return new(isValue ? ErrorCode.InvalidInput : ErrorCode.Usage, Failures.Line(error.Message));
    }
}

/// <summary>
/// Reports a failure that ended a command: as JSON on stdout when JSON was asked for, else as one line on stderr.
/// </summary>
internal static class FailureReport
{
    /// <summary>Writes the report; returns the exit code.</summary>
    public static int Write(
        Exception exception, IReadOnlyList<string> args, ClientEnvironment environment, CancellationToken interrupted)
    {
        var failure = Failures.Of(exception, interrupted);
        if (args.Contains(GlobalOptions.VerboseName)) environment.Error.WriteLine(exception);
        var format = OutputFormats.InArguments(args);
        if (format == OutputFormat.Table || !TryWriteJson(failure, format, environment.Output))
            environment.Error.WriteLine($"error: {failure.Message}");

        environment.Error.Flush();
        return failure.Code.ExitCode;
    }

    private static bool TryWriteJson(Failure failure, OutputFormat format, TextWriter output)
    {
        try
        {
            JsonText.WriteObject(
                output,
                format,
                writer =>
                {
                    failure.WriteTo(writer);
                    failure.Details?.Invoke(writer);
                });
            output.Flush();
            return true;
        }
        catch (IOException)
        {
            return false; // The reader of stdout is gone; stderr gets the failure.
        }
    }
}
