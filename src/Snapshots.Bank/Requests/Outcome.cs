using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// How a request ended: accepted, or refused with a reason. Equal when reason, message and target are. Immutable.
/// </summary>
public sealed record Outcome
{
    private Outcome(RefusalReason reason, string message)
    {
        Reason = reason;
        Message = message;
    }

    private Outcome(ProcessId to)
        : this(RefusalReason.None, string.Empty) => To = to;

    /// <summary>Accepted: the request has had its effect.</summary>
    public static Outcome Accepted { get; } = new(RefusalReason.None, string.Empty);

    /// <summary>Whether the request was accepted.</summary>
    public bool IsAccepted => Reason == RefusalReason.None;

    /// <summary>Why it was refused; <see cref="RefusalReason.None"/> if it was not.</summary>
    public RefusalReason Reason { get; }

    /// <summary>The reason in words, for people; empty if accepted.</summary>
    public string Message { get; }

    /// <summary>To whom the money of an accepted transfer was sent; null for any other outcome.</summary>
    public ProcessId? To { get; }

    /// <summary>Accepted: the money of a transfer was sent.</summary>
    /// <exception cref="ArgumentException">The target is <c>default</c>.</exception>
    public static Outcome Sent(ProcessId to) => new(TransferRequest.RequireTarget(to));

    /// <summary>Refused for that reason.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is <see cref="RefusalReason.None"/> or no reason at all.
    /// </exception>
    public static Outcome Refused(RefusalReason reason) => reason switch
    {
        RefusalReason.InsufficientFunds => Refusals.InsufficientFunds,
        RefusalReason.NotOpen => Refusals.NotOpen,
        RefusalReason.AlreadyOpen => Refusals.AlreadyOpen,
        RefusalReason.Overflow => Refusals.Overflow,
        RefusalReason.TooManyUnopened => Refusals.TooManyUnopened,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason to refuse"),
    };

    private static class Refusals
    {
        public static readonly Outcome InsufficientFunds = new(RefusalReason.InsufficientFunds, "not enough money");
        public static readonly Outcome NotOpen = new(RefusalReason.NotOpen, "the account is not open");
        public static readonly Outcome AlreadyOpen = new(RefusalReason.AlreadyOpen, "the account is open already");
        public static readonly Outcome Overflow = new(
            RefusalReason.Overflow, $"a figure of the account would exceed {BankLimits.MaxAmount}");
        public static readonly Outcome TooManyUnopened = new(
            RefusalReason.TooManyUnopened,
            "the target is not open, and too many accounts that are not were paid: open it first");
    }
}
