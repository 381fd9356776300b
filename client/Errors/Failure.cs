namespace Snapshots.Client;

/// <summary>Why a command failed.</summary>
/// <param name="Code">Which kind of failure.</param>
/// <param name="Message">One line for the user.</param>
internal sealed record Failure(ErrorCode Code, string Message)
{
    /// <summary>Writes further members beside <c>error</c> into an open object; null for none.</summary>
    public Action<Utf8JsonWriter>? Details { get; init; }

    /// <summary>Writes <c>"error":{"code","message"}</c> into an open object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("error");
        writer.WriteString("code", Code.Name);
        writer.WriteString("message", Message);
        writer.WriteEndObject();
    }
}

/// <summary>The kinds of failure: the code in JSON with its exit code. This is the whole table.</summary>
internal sealed record ErrorCode
{
    private ErrorCode(string name, int exitCode)
    {
        Name = name;
        ExitCode = exitCode;
    }

    public static ErrorCode Unexpected { get; } = new("unexpected", 1);

    public static ErrorCode Usage { get; } = new("usage", 2);

    public static ErrorCode InvalidInput { get; } = new("invalidInput", 2);

    public static ErrorCode NotFound { get; } = new("notFound", 3);

    public static ErrorCode Timeout { get; } = new("timeout", 4);

    public static ErrorCode SnapshotAborted { get; } = new("snapshotAborted", 5);

    public static ErrorCode PropertyViolated { get; } = new("propertyViolated", 6);

    public static ErrorCode ClusterUnreachable { get; } = new("clusterUnreachable", 7);

    public static ErrorCode InsufficientFunds { get; } = new("insufficientFunds", 8);

    public static ErrorCode NotOpen { get; } = new("notOpen", 8);

    public static ErrorCode AlreadyOpen { get; } = new("alreadyOpen", 8);

    public static ErrorCode Overflow { get; } = new("overflow", 8);

    public static ErrorCode TooManyUnopened { get; } = new("tooManyUnopened", 8);

    public static ErrorCode KeyTooOld { get; } = new("keyTooOld", 8);

    public static ErrorCode KeyFromFuture { get; } = new("keyFromFuture", 8);

    public static ErrorCode Pinned { get; } = new("pinned", 8);

    public static ErrorCode TooManyKeys { get; } = new("tooManyKeys", 8);

    public static ErrorCode Restoring { get; } = new("restoring", 8);

    public static ErrorCode Committed { get; } = new("committed", 8);

    public static ErrorCode Damaged { get; } = new("damaged", 8);

    public static ErrorCode Interrupted { get; } = new("interrupted", 130);

    /// <summary>The code in JSON, in camelCase.</summary>
    public string Name { get; }

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; }
}

/// <summary>A command failed for a reason that fits in one line for the user.</summary>
internal sealed class ClientException : Exception
{
    public ClientException(ErrorCode code, string message, Exception? cause = null)
        : this(new Failure(code, message), cause)
    {
    }

    public ClientException(Failure failure, Exception? cause = null)
        : base(failure.Message, cause) => Failure = failure;

    /// <summary>The reason.</summary>
    public Failure Failure { get; }

    /// <summary>The kind of failure.</summary>
    public ErrorCode Code => Failure.Code;
}
