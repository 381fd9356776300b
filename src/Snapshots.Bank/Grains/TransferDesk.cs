using System.Collections.Immutable;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// Makes transfers for many callers in batches: those that arrive while their account is being called go in the next
/// call. Each is answered, or fails, as by <see cref="IAccountGrain.TransferAsync"/>. Repeat one without an answer
/// under its key.
/// </summary>
/// <remarks>Thread-safe; share one among all callers of a process.</remarks>
public sealed class TransferDesk
{
    private readonly CallCoalescer<ProcessId, TransferOrder, AccountAnswer> _calls;

    /// <summary>Makes the desk. A call must end within a bounded time, even if the silo is lost.</summary>
    /// <param name="callForAll">Calls <see cref="IAccountGrain.TransferAllAsync"/> of an account.</param>
    /// <param name="callForOne">
    /// Calls <see cref="IAccountGrain.TransferAsync"/> of an account: for a transfer that must wait for room in its
    /// channel, so that the others of its batch do not wait with it.
    /// </param>
    public TransferDesk(
        Func<ProcessId, ImmutableArray<TransferOrder>, Task<ImmutableArray<AccountAnswer?>>> callForAll,
        Func<ProcessId, TransferOrder, Task<AccountAnswer>> callForOne)
    {
        _calls = new(callForAll, callForOne, new CallLimits { MaxRequestsPerCall = BankLimits.MaxTransfersPerCall });
    }

    /// <summary>Sends money from one account to another; accepted means that it left the first.</summary>
    /// <exception cref="ArgumentException">An argument is <c>default</c>, or the two accounts are the same.</exception>
    /// <exception cref="CallQueueFullException">
    /// Too many transfers wait for the same account; nothing was done.
    /// </exception>
    public Task<AccountAnswer> TransferAsync(ProcessId from, RequestKey key, ProcessId to, Amount amount)
    {
        if (from == default) throw new ArgumentException("the sender is missing", nameof(from));
        var order = new TransferOrder(key, to, amount);
        order.RequirePossible(from); // An invalid order must not fail its batch.
        return _calls.AskAsync(from, order);
    }
}

/// <summary>One transfer of a batch; its parts are those of <see cref="IAccountGrain.TransferAsync"/>.</summary>
/// <param name="Key">Its key, unique at its account.</param>
/// <param name="To">The account that gets the money.</param>
/// <param name="Amount">The money.</param>
[GenerateSerializer]
[Alias("snapshots.bank.transfer-order")]
[Immutable]
public readonly record struct TransferOrder(
    [property: Id(0)] RequestKey Key, [property: Id(1)] ProcessId To, [property: Id(2)] Amount Amount)
{
    /// <summary>Returns the request at the account <paramref name="from"/>.</summary>
    /// <exception cref="ArgumentException">A part is <c>default</c>, or both accounts are the same.</exception>
    public TransferRequest ToRequest(ProcessId from)
    {
        var request = new TransferRequest(Key, To, Amount);
        Account.RequirePossible(from, To);
        return request;
    }

    /// <summary>Throws as <see cref="ToRequest"/> does, without making a request.</summary>
    /// <exception cref="ArgumentException">A part is <c>default</c>, or both accounts are the same.</exception>
    internal void RequirePossible(ProcessId from)
    {
        RequestKey.Require(Key, nameof(Key));
        Amount.Require(Amount, nameof(Amount));
        TransferRequest.RequireTarget(To);
        Account.RequirePossible(from, To);
    }
}
