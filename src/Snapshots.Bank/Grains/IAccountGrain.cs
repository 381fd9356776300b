using System.Collections.Immutable;
using Orleans.Serialization.Cloning;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>One account, as clients see it. The grain's key is the account's id, an <see cref="Identifier"/>.</summary>
/// <remarks>
/// An answer is given only when its outcome is persisted. Without an answer, repeat the request under the same key: it
/// is executed at most once. Bad arguments throw <see cref="ArgumentException"/> and change nothing.
/// </remarks>
[Alias("snapshots.bank.account")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Opens the account with a deposit of 0 … <see cref="BankLimits.MaxAmount"/> minor units.</summary>
    [Alias("open")]
    Task<AccountAnswer> OpenAsync(long initialDeposit);

    /// <summary>Brings money into the bank.</summary>
    [Alias("deposit")]
    Task<AccountAnswer> DepositAsync(RequestKey key, Amount amount);

    /// <summary>Takes money out of the bank.</summary>
    [Alias("withdraw")]
    Task<AccountAnswer> WithdrawAsync(RequestKey key, Amount amount);

    /// <summary>Sends money to another account; accepted means that it left this one.</summary>
    [Alias("transfer")]
    Task<AccountAnswer> TransferAsync(RequestKey key, ProcessId to, Amount amount);

    /// <summary>
    /// Makes 0 … <see cref="BankLimits.MaxTransfersPerCall"/> transfers in order, and answers each. Where
    /// <see cref="TransferAsync"/> would wait because the channel to the target is full, nothing is done and the answer
    /// is <c>null</c>. If one order is invalid, no transfer is made.
    /// </summary>
    [Alias("transfer-all")]
    Task<ImmutableArray<AccountAnswer?>> TransferAllAsync(ImmutableArray<TransferOrder> orders);

    /// <summary>Returns the account as it is now, open or not.</summary>
    [Alias("get")]
    Task<AccountView> GetAsync();

    /// <summary>What the account knows of a request that it was sent under a key.</summary>
    [Alias("find-transfer")]
    Task<TransferView> FindTransferAsync(RequestKey key);

    /// <summary>Whether the money of a transfer may be on its way from this account back to its sender.</summary>
    [Alias("returns")]
    Task<bool> ReturnsAsync(ProcessId sender, RequestKey key);
}

/// <summary>What the sender of a transfer knows of it. Immutable; equal by content.</summary>
/// <param name="Standing">
/// What is known of the key: <see cref="KeyStanding.Duplicate"/> if a request was executed under it.
/// </param>
/// <param name="Reason">Why it was refused; <see cref="RefusalReason.None"/> if it was not.</param>
/// <param name="To">To whom the money was sent; null if none was.</param>
/// <param name="InTransit">Whether the target has not acknowledged the money.</param>
/// <param name="Returned">
/// Whether the money came back; null where that is forgotten, see <see cref="BankLimits.RememberedReturns"/>.
/// </param>
/// <param name="Epoch">The epoch in which the account answers.</param>
[GenerateSerializer]
[Alias("snapshots.bank.transfer-view")]
[Immutable]
public sealed record TransferView(
    [property: Id(0)] KeyStanding Standing,
    [property: Id(1)] RefusalReason Reason,
    [property: Id(2)] ProcessId? To,
    [property: Id(3)] bool InTransit,
    [property: Id(4)] bool? Returned,
    [property: Id(5)] Epoch Epoch);

/// <summary>An account's answer to a request. Immutable; equal by content.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.account-answer")]
[Immutable]
public sealed record AccountAnswer
{
    /// <summary>Makes the answer.</summary>
    /// <param name="outcome">How the request ended; null if its key kept it from being executed.</param>
    /// <param name="standing">What the account knew of the key; new for a request without one.</param>
    /// <param name="key">The request's key; null for a request without one.</param>
    /// <exception cref="ArgumentException">There is an outcome and none was possible, or the other way.</exception>
    public AccountAnswer(Outcome? outcome, KeyStanding standing, RequestKey? key)
    {
        if (outcome is null == (standing is KeyStanding.New or KeyStanding.Duplicate))
        {
            throw new ArgumentException($"a request with a key that is {standing} has an outcome or not", nameof(outcome));
        }

        Reason = outcome?.Reason ?? RefusalReason.None;
        Standing = standing;
        Key = key;
        Message = outcome?.Message ?? MessageOf(standing);
    }

    /// <summary>
    /// Why the request was refused; <see cref="RefusalReason.None"/> if it was accepted, or its key kept it from being
    /// executed.
    /// </summary>
    [Id(0)]
    public RefusalReason Reason { get; }

    /// <summary>
    /// What the account knew of the key. Unless it is <see cref="KeyStanding.New"/> or
    /// <see cref="KeyStanding.Duplicate"/>, the key kept the request from being executed.
    /// </summary>
    [Id(1)]
    public KeyStanding Standing { get; }

    /// <summary>The request's key; null for a request without one.</summary>
    [Id(2)]
    public RequestKey? Key { get; }

    /// <summary>Why it was not accepted, in words for people; empty if it was.</summary>
    [Id(3)]
    public string Message { get; }

    /// <summary>
    /// The epoch in which the account answers. A client that has seen a newer one drops the answer and asks again.
    /// </summary>
    [Id(4)]
    public Epoch Epoch { get; init; }

    /// <summary>Whether the answer is that of an earlier, equal request under the same key.</summary>
    public bool Duplicate => Standing == KeyStanding.Duplicate;

    /// <summary>Whether the request was accepted, now or the first time.</summary>
    public bool IsAccepted => Reason == RefusalReason.None && (Duplicate || Standing == KeyStanding.New);

    private static string MessageOf(KeyStanding standing) => standing switch
    {
        KeyStanding.KeyReused => "the key belongs to another request",
        KeyStanding.KeyTooOld => "the key is older than the account's memory of keys; nothing was executed now",
        KeyStanding.KeyFromFuture => "the key's time is too far ahead of the account's clock",
        KeyStanding.TooManyKeys =>
            "the account can remember no more hand-made keys until one expires; use a key with a time in it",
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "no such standing"),
    };
}

/// <summary>The public state of an account. Immutable; equal by content.</summary>
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

    /// <summary>The epoch of the account; <c>default</c> where that is not known.</summary>
    public Epoch Epoch { get; init; }
}

/// <summary>The wire form of <see cref="AccountView"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.account-view-surrogate")]
internal struct AccountViewSurrogate
{
    [Id(0)]
    public string Id;

    [Id(1)]
    public long Balance;

    [Id(2)]
    public long Deposited;

    [Id(3)]
    public long Withdrawn;

    [Id(4)]
    public bool Open;

    [Id(5)]
    public Epoch Epoch;
}

/// <summary>An <see cref="AccountView"/> is immutable: a call within a silo hands it over as it is.</summary>
[RegisterCopier]
internal sealed class AccountViewCopier : ShallowCopier<AccountView>;

/// <summary>Converts <see cref="AccountView"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class AccountViewConverter : IConverter<AccountView, AccountViewSurrogate>
{
    public AccountView ConvertFromSurrogate(in AccountViewSurrogate surrogate) =>
        new(new ProcessId(surrogate.Id), surrogate.Balance, surrogate.Deposited, surrogate.Withdrawn, surrogate.Open)
        {
            Epoch = surrogate.Epoch,
        };

    public AccountViewSurrogate ConvertToSurrogate(in AccountView value) => new()
    {
        Id = value.Id.Value,
        Balance = value.Balance,
        Deposited = value.Deposited,
        Withdrawn = value.Withdrawn,
        Open = value.Open,
        Epoch = value.Epoch,
    };
}
