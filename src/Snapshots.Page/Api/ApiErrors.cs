namespace Snapshots.Page;

/// <summary>A request cannot be answered. The message is one line for the caller.</summary>
#pragma warning disable CA1064 // It never leaves this assembly.
internal sealed class ApiException(int status, string message) : Exception(message)
{
#pragma warning restore CA1064
    /// <summary>The status of the answer.</summary>
    public int Status { get; } = status;

    /// <summary>The request is wrong.</summary>
    public static ApiException Invalid(string message) => new(StatusCodes.Status400BadRequest, message);

    /// <summary>What is asked for does not exist.</summary>
    public static ApiException NotFound(string message) => new(StatusCodes.Status404NotFound, message);

    /// <summary>It cannot be done as things are.</summary>
    public static ApiException Conflict(string message) => new(StatusCodes.Status409Conflict, message);

    /// <summary>Too much is asked at the same time; it is to be tried again.</summary>
    public static ApiException Busy(string message) => new(StatusCodes.Status503ServiceUnavailable, message);
}

/// <summary>Translates exceptions into a status and one line.</summary>
internal static class ApiErrors
{
    public static (int Status, string Reason) Of(Exception exception)
    {
        var status = exception switch
        {
            ApiException known => known.Status,
            BadHttpRequestException bad => bad.StatusCode,
            QueryException { IsTooLate: false } or ArgumentException => StatusCodes.Status400BadRequest,
            KeyNotFoundException => StatusCodes.Status404NotFound,
            RestoringException or SnapshotPinnedException => StatusCodes.Status409Conflict,
            QueryException or TooManySnapshotsException or TimeoutException or OrleansException =>
                StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        var reason = exception switch
        {
            TimeoutException => $"the silos gave no answer in time: {exception.Message}",
            OrleansException and not OrleansMessageRejectionException =>
                $"the silo does not answer: {exception.Message}",
            _ => exception.Message,
        };
        return (status, string.Join(
            ' ', reason.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
    }
}
