using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>An account's answer to a request. Immutable; equal by content.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.account-answer")]
[Immutable]
public sealed record AccountAnswer
{
    /// <summary>Makes the answer.</summary>
    /// <param name="outcome">How the request ended.</param>
    /// <param name="duplicate">Whether the outcome was remembered from the same request before.</param>
    /// <param name="key">The request's key; none for a request that has none.</param>
    public AccountAnswer(Outcome outcome, bool duplicate, RequestKey? key)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        Reason = outcome.Reason;
        Duplicate = duplicate;
        Key = key;
        Message = outcome.Message;
    }

    /// <summary>Why the request was refused; <see cref="RefusalReason.None"/> if it was accepted.</summary>
    [Id(0)]
    public RefusalReason Reason { get; }

    /// <summary>Whether the outcome was remembered: the same request came before under the same key.</summary>
    [Id(1)]
    public bool Duplicate { get; }

    /// <summary>The request's key; none for a request that has none.</summary>
    [Id(2)]
    public RequestKey? Key { get; }

    /// <summary>The reason in words, for people; empty if the request was accepted.</summary>
    [Id(3)]
    public string Message { get; }

    /// <summary>Whether the request was accepted, now or the first time.</summary>
    public bool IsAccepted => Reason == RefusalReason.None;
}
