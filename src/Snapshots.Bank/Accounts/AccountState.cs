using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// The local state of one account. Immutable, so a recording may hold a reference to it; equal by content.
/// </summary>
[GenerateSerializer]
[Alias("snapshots.bank.account-state")]
[Immutable]
public sealed record AccountState
{
    /// <summary>Null while nothing came back, so that it takes a byte in the stored form; never changed.</summary>
    [Id(4)]
    private RequestKey[]? _returned;

    /// <summary>Makes the state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A figure is negative, or <paramref name="deposited"/> or <paramref name="withdrawn"/> is above
    /// <see cref="BankLimits.MaxAmount"/>.
    /// </exception>
    public AccountState(bool open, long balance, long deposited, long withdrawn)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(balance);
        ArgumentOutOfRangeException.ThrowIfNegative(deposited);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deposited, BankLimits.MaxAmount);
        ArgumentOutOfRangeException.ThrowIfNegative(withdrawn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(withdrawn, BankLimits.MaxAmount);
        Open = open;
        Balance = balance;
        Deposited = deposited;
        Withdrawn = withdrawn;
    }

    /// <summary>The state of a new account: not open, no money.</summary>
    public static AccountState Empty { get; } = new(open: false, 0, 0, 0);

    /// <summary>Whether the account takes deposits, withdrawals and transfers. Once open, it stays open.</summary>
    [Id(0)]
    public bool Open { get; }

    /// <summary>
    /// The money in the account, in minor units; never negative. At most <see cref="BankLimits.MaxAmount"/>, except
    /// through returns, which are always credited.
    /// </summary>
    [Id(1)]
    public long Balance { get; }

    /// <summary>
    /// All money deposited here, in minor units: 0 … <see cref="BankLimits.MaxAmount"/>; never decreases.
    /// </summary>
    [Id(2)]
    public long Deposited { get; }

    /// <summary>
    /// All money withdrawn here, in minor units: 0 … <see cref="BankLimits.MaxAmount"/>; never decreases.
    /// </summary>
    [Id(3)]
    public long Withdrawn { get; }

    /// <summary>
    /// The transfers whose money came back, oldest first: the last <see cref="BankLimits.RememberedReturns"/>.
    /// </summary>
    public ImmutableArray<RequestKey> Returned => ImmutableCollectionsMarshal.AsImmutableArray(_returned ?? []);

    /// <summary>The state with other figures.</summary>
    internal AccountState With(long balance, long deposited, long withdrawn) =>
        new(Open, balance, deposited, withdrawn) { _returned = _returned };

    /// <summary>The state in which the money of a transfer has come back.</summary>
    internal AccountState Remembering(RequestKey returned)
    {
        var last = Returned.Length < BankLimits.RememberedReturns ? Returned : Returned.RemoveAt(0);
        return new(Open, Balance, Deposited, Withdrawn) { _returned = [.. last, returned] };
    }

    /// <inheritdoc/>
    public bool Equals(AccountState? other) =>
        other is not null
        && (Open, Balance, Deposited, Withdrawn) == (other.Open, other.Balance, other.Deposited, other.Withdrawn)
        && Returned.SequenceEqual(other.Returned);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Open, Balance, Deposited, Withdrawn, Returned.Length);
}
