namespace Snapshots.Client;

/// <summary>A command cannot do what it was asked to, for a reason that a person can be told in one line.</summary>
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
