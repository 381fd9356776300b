using System.Diagnostics;

namespace Snapshots.Client;

/// <summary><c>transfer FROM TO AMOUNT [--id KEY]</c>.</summary>
internal sealed class TransferCommand : ClientCommand
{
    private readonly Argument<ProcessId> _from = Inputs.Argument("FROM", "The account that pays", Read.Account);
    private readonly Argument<ProcessId> _to = Inputs.Argument("TO", "The account that is paid", Read.Account);
    private readonly Argument<Amount> _amount = Inputs.Argument("AMOUNT", "The money, in minor units", Read.Amount);
    private readonly Option<RequestKey> _key = KeyOption.Create();

    public TransferCommand(CommandContext context)
        : base("transfer", "Send money from one account to another.", context)
    {
        Add(_from);
        Add(_to);
        Add(_amount);
        Add(_key);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var (from, to, amount, key) = (run.Get(_from), run.Get(_to), run.Get(_amount), KeyOption.Get(run, _key));
        if (from == to) throw new ClientException(ErrorCode.InvalidInput, $"{from} cannot transfer to itself");
        var request = new KeyedCall(key, Name, writer =>
        {
            writer.WriteString("from", from.Value);
            writer.WriteString("to", to.Value);
            writer.WriteNumber("amount", amount.Value);
        });
        await using var bank = await run.ConnectAsync();
        await using var delivery = await EmbeddedDelivery.ExpectAsync(bank, from, to, run.Interrupted);
        var answer = await request.AskAsync(
            bank, () => bank.Account(from).TransferAsync(key, to, amount), run.Interrupted);
        return request.Show(run.Terminal, answer, $"transfer of {amount} from {from} to {to}");
    }
}

/// <summary>
/// Keeps an embedded silo alive until the money of a transfer has arrived or come back, for a bounded time. A silo that
/// stops right after the transfer is accepted would leave the money in transit until the next silo starts.
/// </summary>
internal sealed class EmbeddedDelivery : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceForMany = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly BankConnection _bank;
    private readonly AccountView? _from;
    private readonly AccountView? _to;
    private readonly CancellationToken _interrupted;

    private EmbeddedDelivery(BankConnection bank, AccountView? from, AccountView? to, CancellationToken interrupted)
    {
        _bank = bank;
        _from = from;
        _to = to;
        _interrupted = interrupted;
    }

    /// <summary>
    /// Prepares the wait. Dispose of it after the transfer and before the bank. Does nothing unless the silo is
    /// embedded.
    /// </summary>
    public static async Task<EmbeddedDelivery> ExpectAsync(
        BankConnection bank, ProcessId from, ProcessId to, CancellationToken interrupted)
    {
        if (!bank.IsEmbedded) return new(bank, from: null, to: null, interrupted);
        var views = await AccountReader.ReadAsync(bank, [from, to], interrupted);
        return new(bank, views[0], views[1], interrupted);
    }

    /// <summary>
    /// Waits until the accounts together hold their deposits less their withdrawals: then nothing is in transit between
    /// them. Accounts that have also paid others never reach that, so the wait is bounded. Does nothing unless the silo
    /// is embedded.
    /// </summary>
    public static async Task CompleteAsync(
        BankConnection bank, IReadOnlyList<ProcessId> accounts, CancellationToken interrupted)
    {
        if (!bank.IsEmbedded) return;
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            do
            {
                var views = await AccountReader.ReadAsync(bank, accounts, interrupted);
                var expected = views.Sum(view => (decimal)view.Deposited - view.Withdrawn);
                if (views.Sum(view => (decimal)view.Balance) == expected) return;
                await Task.Delay(Pause, interrupted);
            }
            while (Stopwatch.GetElapsedTime(startedAt) < PatienceForMany);
        }
        catch (Exception exception) when (exception is ClientException or OperationCanceledException)
        {
            // The bank is gone, so the wait is over; the transfers have reported their own failures.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_from is null || _to is null) return;
        var startedAt = Stopwatch.GetTimestamp();
        while (!_interrupted.IsCancellationRequested && Stopwatch.GetElapsedTime(startedAt) < Patience)
        {
            // Not debited (refused, or a duplicate), or returned; or it has arrived.
            if (await BalanceAsync(_from) >= _from.Balance || await BalanceAsync(_to) > _to.Balance) return;
            await Task.Delay(Pause, _interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long> BalanceAsync(AccountView account)
    {
        try
        {
            return (await _bank.CallAsync(_ => _bank.Account(account.Id).GetAsync(), _interrupted)).Balance;
        }
        catch (Exception exception) when (exception is ClientException or OperationCanceledException)
        {
            return long.MaxValue; // The bank is gone, so the wait is over; the transfer has reported its own failure.
        }
    }
}
