using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Snapshots.Documents;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>Hosts one account. Every request is one step of the account's process; nothing is decided here.</summary>
[GrainType("account")]
[SnapshotProcess(BankApplication.Name)]
internal sealed class AccountGrain(ProcessServices services, BankInstruments instruments)
    : ProcessGrain<AccountState, BankMessage>(services, BankApplication.Instance), IAccountGrain
{
    public async Task<AccountAnswer> OpenAsync(long initialDeposit)
    {
        var request = new OpenRequest(initialDeposit);
        var (outcome, epoch) = await StepAsync(state =>
        {
            var step = Decide(state, request);
            return new Step<AccountState, BankMessage, (Outcome Outcome, Epoch Epoch)>((step.Result, Epoch), step.Reaction);
        });
        return new(outcome, KeyStanding.New, key: null) { Epoch = epoch };
    }

    public Task<AccountAnswer> DepositAsync(RequestKey key, Amount amount) =>
        ExecuteAsync(new DepositRequest(key, amount));

    public Task<AccountAnswer> WithdrawAsync(RequestKey key, Amount amount) =>
        ExecuteAsync(new WithdrawRequest(key, amount));

    public Task<AccountAnswer> TransferAsync(RequestKey key, ProcessId to, Amount amount) =>
        PayAsync(new TransferRequest(key, to, amount));

    public Task<ImmutableArray<AccountAnswer?>> TransferAllAsync(ImmutableArray<TransferOrder> orders)
    {
        if (orders.IsDefault || orders.Length > BankLimits.MaxTransfersPerCall)
        {
            throw new ArgumentException(
                $"a call makes 0 to {BankLimits.MaxTransfersPerCall} transfers", nameof(orders));
        }

        // All orders are checked before the first is executed.
        return PayAllAsync(ImmutableArray.CreateRange(orders, static (order, self) => order.ToRequest(self), Self));
    }

    public Task<AccountView> GetAsync() => ReadAsync((state, epoch) => new AccountView(Self, state) { Epoch = epoch });

    public Task<TransferView> FindTransferAsync(RequestKey key) => FindAsync<Outcome, TransferView>(
        key,
        (standing, outcome, state) =>
        {
            var isReturned = state.Returned.Contains(key);
            var isForgotten = !isReturned && state.Returned.Length == BankLimits.RememberedReturns;
            return new(
                standing,
                outcome?.Reason ?? RefusalReason.None,
                outcome?.To,
                outcome?.To is { } to && Carries<TransferMessage>(to, key),
                isForgotten ? null : isReturned,
                Epoch);
        });

    public Task<bool> ReturnsAsync(ProcessId sender, RequestKey key) => ReadAsync(
        (_, _) => Carries<ReturnMessage>(sender, key));

    private bool Carries<TKind>(ProcessId target, RequestKey key)
        where TKind : BankMessage => UnacknowledgedTo(target).OfType<TKind>().Any(message => message.TransferId == key);

    private async Task<AccountAnswer> PayAsync(TransferRequest request)
    {
        if (await FindMadeUpAsync() is { } epoch) return Refuse(request, RefusalReason.NotOpen, epoch);
        return await IsReachableAsync(request.To)
            ? await ExecuteAsync(request)
            : Refuse(request, RefusalReason.TooManyUnopened, await ReadAsync((_, epoch) => epoch));
    }

    private async Task<ImmutableArray<AccountAnswer?>> PayAllAsync(ImmutableArray<TransferRequest> requests)
    {
        if (await FindMadeUpAsync() is { } epoch)
            return [.. requests.Select(request => Refuse(request, RefusalReason.NotOpen, epoch))];
        List<(ProcessId Target, Task<bool> IsReachable)> asked = [];
        foreach (var request in requests)
        {
            var isReachable = IsReachableAsync(request.To);
            if (!isReachable.IsCompletedSuccessfully) asked.Add((request.To, isReachable.AsTask()));
        }

        await Task.WhenAll(asked.Select(question => question.IsReachable));
        HashSet<ProcessId> refused = [.. asked.Where(question => !question.IsReachable.Result).Select(question => question.Target)];
        if (refused.Count == 0) return await ExecuteAllAsync(requests);
        var made = new Queue<AccountAnswer?>(await ExecuteAllAsync([.. requests.Where(request => !refused.Contains(request.To))]));
        var refusedIn = await ReadAsync((_, epoch) => epoch);
        return
        [
            .. requests.Select(request => refused.Contains(request.To)
                ? Refuse(request, RefusalReason.TooManyUnopened, refusedIn)
                : made.Dequeue()),
        ];
    }

    private async Task<AccountAnswer> ExecuteAsync(KeyedRequest request) => await FindMadeUpAsync() is { } epoch
        ? Refuse(request, RefusalReason.NotOpen, epoch)
        : ToAnswer(request, await StepAsync(request.Key, request.Fingerprint, state => Decide(state, request)));

    /// <summary>
    /// Finds out whether the account was neither opened nor paid; the epoch if so. What is asked of it then is refused
    /// without a step, which would bring it into being for ever.
    /// </summary>
    private async ValueTask<Epoch?> FindMadeUpAsync()
    {
        if (!IsNew) return null;
        var epoch = await ReadAsync((_, epoch) => epoch);
        return IsNew ? epoch : null;
    }

    private static AccountAnswer Refuse(KeyedRequest request, RefusalReason reason, Epoch epoch) =>
        new(Outcome.Refused(reason), KeyStanding.New, request.Key) { Epoch = epoch };

    private async Task<ImmutableArray<AccountAnswer?>> ExecuteAllAsync(ImmutableArray<TransferRequest> requests)
    {
        var answers = await StepAllAsync(requests, static request => (request.Key, request.Fingerprint), Decide);
        return [.. answers.Select((answer, index) => answer is { } made ? ToAnswer(requests[index], made) : null)];
    }

    private AccountAnswer ToAnswer(KeyedRequest request, KeyedAnswer<Outcome> answer)
    {
        if (request is TransferRequest && answer is { Standing: KeyStanding.New, Result: { } outcome })
            instruments.Count(outcome);
        return new(answer.Result, answer.Standing, request.Key) { Epoch = answer.Epoch };
    }

    private Step<AccountState, BankMessage, Outcome> Decide(AccountState state, Request request)
    {
        var execution = Account.Execute(Self, state, request);
        return new(execution.Outcome, execution.Reaction);
    }
}

/// <summary>Adds the bank to a silo.</summary>
public static class BankGrainsExtensions
{
    /// <summary>
    /// Adds the account grains with the snapshots. The silo also needs clustering and a grain storage, see
    /// <see cref="SnapshotsHostingExtensions.AddSnapshots"/>.
    /// </summary>
    public static ISiloBuilder AddBankGrains(this ISiloBuilder silo, Action<SnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddSingleton<IMessageForm<BankMessage>, BankMessageForm>();
        silo.Services.AddSingleton<IOutcomeForm<Outcome>, OutcomeForm>();
        silo.Services.AddSingleton<IDocumentFormat<AccountState, BankMessage>>(AccountFormat.Instance);
        silo.Services.AddSingleton<BankInstruments>();
        silo.AddStartupTask(static (services, _) =>
        {
            services.GetRequiredService<BankInstruments>(); // Its series are there from the start.
            return Task.CompletedTask;
        });
        return silo.AddSnapshots(configure).AddCheck<ConservationCheck>().AddCheck<QuietCheck>();
    }
}
