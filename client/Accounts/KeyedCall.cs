namespace Snapshots.Client;

/// <summary>
/// One request of a user under a key. When its outcome is unknown, the failure names the key to repeat it with.
/// </summary>
/// <param name="key">The key.</param>
/// <param name="name">What is asked, as a noun.</param>
/// <param name="parameters">Writes the request's parameters into an open object.</param>
internal sealed class KeyedCall(RequestKey key, string name, Action<Utf8JsonWriter> parameters)
{
    /// <summary>Sends the request and waits for the answer.</summary>
    /// <exception cref="ClientException">The outcome is unknown.</exception>
    public async Task<AccountAnswer> AskAsync(
        BankConnection bank, Func<Task<AccountAnswer>> ask, CancellationToken interrupted)
    {
        try
        {
            return await bank.CallAsync(_ => ask(), interrupted);
        }
        catch (OperationCanceledException exception)
        {
            throw Unknown(ErrorCode.Interrupted, "interrupted", exception);
        }
        catch (NotPersistedException exception)
        {
            throw Unknown(ErrorCode.Unexpected, Failures.Line(exception.Message), exception);
        }
        catch (Exception exception) when (IsUnanswered(exception))
        {
            throw Unknown(ErrorCode.Timeout, Failures.Of(exception, interrupted).Message, exception);
        }
    }

    /// <summary>Shows the answer; returns the exit code.</summary>
    /// <exception cref="ClientException">The bank refused.</exception>
    public int Show(Terminal terminal, AccountAnswer answer, string what)
    {
        if (!answer.IsAccepted)
        {
            var message = $"{what} was refused: {answer.Message} (id {key})";
            throw new ClientException(new Failure(Refusals.CodeOf(answer), message)
            {
                Details = writer => Write(writer, "refused", answer.Duplicate),
            });
        }

        var line = answer.Duplicate
            ? $"{name} {key} was already done; nothing was moved again"
            : $"{what}: accepted (id {key})";
        return terminal.ShowObject(writer => Write(writer, "accepted", answer.Duplicate), page => page.Line(line));
    }

    private static bool IsUnanswered(Exception exception) =>
        exception is TimeoutException || Failures.IsUnreachable(exception)
        || (exception is ClientException known
            && (known.Code == ErrorCode.Timeout || known.Code == ErrorCode.ClusterUnreachable));

    private ClientException Unknown(ErrorCode code, string reason, Exception cause) =>
        new(
            new Failure(code, $"{reason}: the outcome of the {name} is unknown; repeat it with --id {key}")
            {
                Details = writer => Write(writer, "unknown", duplicate: false),
            },
            cause);

    private void Write(Utf8JsonWriter writer, string outcome, bool duplicate)
    {
        writer.WriteString("id", key.Value);
        parameters(writer);
        writer.WriteString("outcome", outcome);
        writer.WriteBoolean("duplicate", duplicate);
    }
}

/// <summary>Maps the bank's refusals to error codes.</summary>
internal static class Refusals
{
    public static ErrorCode CodeOf(AccountAnswer answer) => answer.Standing switch
    {
        KeyStanding.KeyTooOld => ErrorCode.KeyTooOld,
        KeyStanding.KeyFromFuture => ErrorCode.KeyFromFuture,
        KeyStanding.TooManyKeys => ErrorCode.TooManyKeys,
        KeyStanding.KeyReused => ErrorCode.InvalidInput,
        _ => CodeOf(answer.Reason),
    };

    private static ErrorCode CodeOf(RefusalReason reason) => reason switch
    {
        RefusalReason.InsufficientFunds => ErrorCode.InsufficientFunds,
        RefusalReason.NotOpen => ErrorCode.NotOpen,
        RefusalReason.AlreadyOpen => ErrorCode.AlreadyOpen,
        RefusalReason.Overflow => ErrorCode.Overflow,
        RefusalReason.TooManyUnopened => ErrorCode.TooManyUnopened,
        _ => ErrorCode.Unexpected,
    };
}
