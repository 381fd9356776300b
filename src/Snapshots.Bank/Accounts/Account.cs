using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>What requests do to an account. Pure: same state, same request, same execution.</summary>
/// <remarks>
/// In each step, balance + sent = deposits − withdrawals + received: a request that is refused changes no figure. Keys
/// are for the process that hosts the account: it executes a request once and remembers its outcome, a refusal too.
/// Otherwise (1) a first attempt is delayed, (2) its retry is refused, (3) the first attempt arrives and is accepted.
/// </remarks>
public static class Account
{
    /// <summary>Executes a request at the account <paramref name="self"/> in that state.</summary>
    /// <exception cref="ArgumentException">The request is a transfer from the account to itself.</exception>
    public static Execution Execute(ProcessId self, AccountState state, Request request)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(request);
        if (request is TransferRequest transfer) RequirePossible(self, transfer.To);
        return request switch
        {
            OpenRequest open => Open(state, open),
            KeyedRequest keyed => Execute(state, keyed),
            _ => throw new ArgumentException($"unknown request {request.GetType().Name}", nameof(request)),
        };
    }

    /// <exception cref="ArgumentException">It is a transfer from the account to itself.</exception>
    internal static void RequirePossible(ProcessId self, ProcessId to)
    {
        if (to == self) throw new ArgumentException($"{self} cannot transfer to itself", nameof(to));
    }

    /// <summary>Whether a figure may grow by an amount. Returns may already have raised it above the limit.</summary>
    internal static bool HasRoom(long figure, long amount) => figure <= BankLimits.MaxAmount - amount;

    /// <summary>Returns the account after money came in; the caller checks the limit.</summary>
    internal static AccountState Credit(AccountState state, Amount amount) =>
        state.With(checked(state.Balance + amount.Value), state.Deposited, state.Withdrawn);

    private static Execution Open(AccountState state, OpenRequest request)
    {
        if (state.Open) return Refuse(Outcome.Refused(RefusalReason.AlreadyOpen));
        var deposit = request.InitialDeposit;
        if (!HasRoom(state.Balance, deposit) || !HasRoom(state.Deposited, deposit))
            return Refuse(Outcome.Refused(RefusalReason.Overflow));

        var opened = new AccountState(open: true, state.Balance + deposit, state.Deposited + deposit, state.Withdrawn);
        return new(Outcome.Accepted, new(opened));
    }

    private static Execution Execute(AccountState state, KeyedRequest request)
    {
        var reason = ReasonToRefuse(state, request);
        return reason == RefusalReason.None
            ? new(request is TransferRequest { To: var to } ? Outcome.Sent(to) : Outcome.Accepted, Perform(state, request))
            : Refuse(Outcome.Refused(reason));
    }

    /// <summary>Returns the first reason that applies: not open, not enough money, a figure too large.</summary>
    private static RefusalReason ReasonToRefuse(AccountState state, KeyedRequest request)
    {
        var amount = request.Amount.Value;
        if (!state.Open) return RefusalReason.NotOpen;
        if (request is DepositRequest)
        {
            var hasRoom = HasRoom(state.Balance, amount) && HasRoom(state.Deposited, amount);
            return hasRoom ? RefusalReason.None : RefusalReason.Overflow;
        }

        if (state.Balance < amount) return RefusalReason.InsufficientFunds;
        var isTooMuch = request is WithdrawRequest && !HasRoom(state.Withdrawn, amount);
        return isTooMuch ? RefusalReason.Overflow : RefusalReason.None;
    }

    private static Reaction<AccountState, BankMessage> Perform(AccountState state, KeyedRequest request)
    {
        var (balance, deposited, withdrawn) = (state.Balance, state.Deposited, state.Withdrawn);
        var amount = request.Amount.Value;
        ImmutableArray<Outgoing<BankMessage>> messages = [];
        switch (request)
        {
            case DepositRequest:
                (balance, deposited) = (balance + amount, deposited + amount);
                break;
            case WithdrawRequest:
                (balance, withdrawn) = (balance - amount, withdrawn + amount);
                break;
            case TransferRequest transfer:
                balance -= amount;
                messages = [new(transfer.To, new TransferMessage(transfer.Key, transfer.Amount))];
                break;
            default:
                throw new ArgumentException($"unknown request {request.GetType().Name}", nameof(request));
        }

        return new(state.With(balance, deposited, withdrawn), messages);
    }

    private static Execution Refuse(Outcome outcome) => new(outcome, Reaction: null);
}

/// <summary>The effect of a request on an account.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="Reaction">The step to take before the answer is given; null if nothing changes.</param>
public readonly record struct Execution(Outcome Outcome, Reaction<AccountState, BankMessage>? Reaction);
