using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>What an account shows of itself. Immutable; equal by content.</summary>
[Alias("snapshots.bank.account-view")]
[Immutable]
public sealed record AccountView
{
    /// <summary>Makes the view of an account's state.</summary>
    public AccountView(ProcessId id, AccountState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (Id, Balance, Deposited, Withdrawn, Open) = (id, state.Balance, state.Deposited, state.Withdrawn, state.Open);
    }

    /// <summary>Makes the view of those figures.</summary>
    public AccountView(ProcessId id, long balance, long deposited, long withdrawn, bool open) =>
        (Id, Balance, Deposited, Withdrawn, Open) = (id, balance, deposited, withdrawn, open);

    /// <summary>The account.</summary>
    public ProcessId Id { get; }

    /// <summary>See <see cref="AccountState.Balance"/>.</summary>
    public long Balance { get; }

    /// <summary>See <see cref="AccountState.Deposited"/>.</summary>
    public long Deposited { get; }

    /// <summary>See <see cref="AccountState.Withdrawn"/>.</summary>
    public long Withdrawn { get; }

    /// <summary>See <see cref="AccountState.Open"/>.</summary>
    public bool Open { get; }
}
