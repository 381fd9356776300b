using System.Collections.Immutable;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// Makes transfers for many callers: those of one account that come while it is being called leave together. Each is answered, or fails,
/// as by <see cref="IAccountGrain.TransferAsync"/>, and like there, one without an answer is repeated under its key.
/// </summary>
/// <remarks>Safe for concurrent use; meant to be shared by all callers of a process.</remarks>
public sealed class TransferDesk
{
    private readonly CallCoalescer<ProcessId, TransferOrder, AccountAnswer> _calls;

    /// <summary>Says how accounts are called. A call must end within a bounded time, whatever has become of the silo.</summary>
    /// <param name="callForAll">Calls <see cref="IAccountGrain.TransferAllAsync"/> of an account.</param>
    /// <param name="callForOne">
    /// Calls <see cref="IAccountGrain.TransferAsync"/> of an account: for a transfer that has to wait for room, so that no other waits
    /// with it.
    /// </param>
    public TransferDesk(
        Func<ProcessId, ImmutableArray<TransferOrder>, Task<ImmutableArray<AccountAnswer?>>> callForAll,
        Func<ProcessId, TransferOrder, Task<AccountAnswer>> callForOne)
    {
        _calls = new(callForAll, callForOne, new CallLimits { MaxRequestsPerCall = BankLimits.MaxTransfersPerCall });
    }

    /// <summary>Sends money from one account to another; accepted means that it left the first.</summary>
    /// <exception cref="ArgumentException">An argument is <c>default</c>, or the accounts are one and the same.</exception>
    /// <exception cref="CallQueueFullException">Too many transfers wait for the same account; nothing was done.</exception>
    public Task<AccountAnswer> TransferAsync(ProcessId from, RequestKey key, ProcessId to, Amount amount)
    {
        if (from == default) throw new ArgumentException("a transfer has a sender", nameof(from));
        var order = new TransferOrder(key, to, amount);
        order.RequirePossible(from); // The others of its call must not fail because of it.
        return _calls.AskAsync(from, order);
    }
}

/// <summary>One transfer among those that one call asks for; as the arguments of <see cref="IAccountGrain.TransferAsync"/>.</summary>
/// <param name="Key">Names it at its account.</param>
/// <param name="To">The account that gets the money.</param>
/// <param name="Amount">The money.</param>
[GenerateSerializer]
[Alias("snapshots.bank.transfer-order")]
[Immutable]
public readonly record struct TransferOrder(
    [property: Id(0)] RequestKey Key, [property: Id(1)] ProcessId To, [property: Id(2)] Amount Amount)
{
    /// <summary>The request at the account <paramref name="from"/>.</summary>
    /// <exception cref="ArgumentException">A part of it is <c>default</c>, or it is a transfer from the account to itself.</exception>
    public TransferRequest ToRequest(ProcessId from)
    {
        var request = new TransferRequest(Key, To, Amount);
        Account.RequirePossible(from, To);
        return request;
    }

    /// <summary>Throws what <see cref="ToRequest"/> would, and makes nothing.</summary>
    /// <exception cref="ArgumentException">A part of it is <c>default</c>, or it is a transfer from the account to itself.</exception>
    internal void RequirePossible(ProcessId from)
    {
        RequestKey.Require(Key, nameof(Key));
        Amount.Require(Amount, nameof(Amount));
        TransferRequest.RequireTarget(To);
        Account.RequirePossible(from, To);
    }
}
