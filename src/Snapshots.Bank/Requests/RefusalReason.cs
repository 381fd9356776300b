namespace Snapshots.Bank;

/// <summary>Why a request was refused. The numbers are stored and sent, and never change.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.refusal-reason")]
public enum RefusalReason
{
    /// <summary>It was not refused.</summary>
    None = 0,

    /// <summary>The balance is smaller than the amount.</summary>
    InsufficientFunds = 1,

    /// <summary>The account that was asked is not open.</summary>
    NotOpen = 2,

    /// <summary>The account is open already.</summary>
    AlreadyOpen = 3,

    /// <summary>The balance, the deposits or the withdrawals would exceed <see cref="BankLimits.MaxAmount"/>.</summary>
    Overflow = 4,

    /// <summary>
    /// The target is not open, and as many accounts that are not have been paid as there may be. Nothing is remembered
    /// of the transfer.
    /// </summary>
    TooManyUnopened = 5,
}
