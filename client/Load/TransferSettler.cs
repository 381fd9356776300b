using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary>
/// Sends transfers until they are settled: one without an answer is sent again under its id. Abandons all of them when
/// none was settled for the timeout, or when the journal cannot be written. Thread-safe.
/// </summary>
internal sealed class TransferSettler : IOutcomeBook, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);

    private readonly BankConnection _bank;
    private readonly TransferJournal? _journal;
    private readonly TransferDesk _desk;
    private readonly RestoreWatch _restores;

    /// <summary>The grains of the senders. Making a grain reference costs as much as three calls.</summary>
    private readonly ConcurrentDictionary<ProcessId, IAccountGrain> _senders = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource _firstSettled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private Exception? _lastTrouble;
    private Failure? _failure;

    /// <param name="bank">The bank.</param>
    /// <param name="journal">Records every transfer; null for no journal.</param>
    /// <param name="say">Tells the user of a restore.</param>
    public TransferSettler(BankConnection bank, TransferJournal? journal, Action<string> say)
    {
        _restores = new(AskAgainAsync, this, say);
        _bank = bank;
        _journal = journal;
        _desk = new(
            (from, orders) => CallAsync(Sender(from).TransferAllAsync(orders)),
            (from, order) => CallAsync(Sender(from).TransferAsync(order.Key, order.To, order.Amount)));
    }

    /// <summary>Whether a restore was noticed.</summary>
    public bool HasRestored => _restores.HasRestored;

    /// <summary>The outcomes so far.</summary>
    public TransferTally Tally { get; } = new();

    /// <summary>The outcomes so far of the transfers that an earlier run has left.</summary>
    public TransferTally Resumed { get; } = new();

    /// <summary>Completes when the first transfer is settled, or the last has ended.</summary>
    public Task UnderWay => _firstSettled.Task;

    /// <summary>Cancelled when all transfers are abandoned.</summary>
    public CancellationToken Abandoned => _abandon.Token;

    /// <summary>Why the transfers were abandoned; null if they were not, or if the user asked for it.</summary>
    public Failure? Failure => Volatile.Read(ref _failure);

    /// <summary>Starts the timeout.</summary>
    public void Begin() => Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());

    /// <summary>Waits until the transfers that a restore has discarded are answered again.</summary>
    public Task SettledAsync() => _restores.SettledAsync();

    /// <summary>The last transfer has ended.</summary>
    public void End() => _firstSettled.TrySetResult();

    /// <summary>Abandons the transfers in flight.</summary>
    public void Abandon() => _abandon.Cancel();

    public void Dispose() => _abandon.Dispose();

    /// <inheritdoc/>
    public void Settle(Attempt attempt, AccountAnswer answer)
    {
        Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());
        Volatile.Write(ref _lastTrouble, null);
        var outcome = answer switch
        {
            { IsAccepted: true } => TransferOutcome.Accepted,
            { Standing: KeyStanding.KeyTooOld } => TransferOutcome.Unknown, // It does not know whether it was executed.
            _ => TransferOutcome.Refused,
        };
        Count(attempt, outcome);
        if (outcome != TransferOutcome.Unknown) TryWrite(attempt.Transfer, outcome);
        _firstSettled.TrySetResult();
    }

    /// <inheritdoc/>
    public void Discard(Attempt attempt)
    {
        if (attempt.Outcome is TransferOutcome.Accepted or TransferOutcome.Refused)
            TryWrite(attempt.Transfer, TransferOutcome.Unknown);
        Count(attempt, outcome: null);
    }

    /// <inheritdoc/>
    public void Forget(TransferTally tally, TransferOutcome outcome, int count)
    {
        tally.Take(outcome, -count);
        tally.Take(TransferOutcome.Unknown, count);
    }

    /// <inheritdoc/>
    public void GiveUp(Attempt attempt) => Count(attempt, TransferOutcome.Unknown);

    /// <summary>Sends one transfer until it is settled or abandoned.</summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="gate">Closed while the outcome is unknown.</param>
    /// <param name="tally">Where it is counted: <see cref="Tally"/> or <see cref="Resumed"/>.</param>
    [SuppressMessage(
        "Design", "CA1031", Justification = "Whatever failed, the outcome is unknown and the same key settles it.")]
    public async Task SettleAsync(Transfer transfer, SenderGate gate, TransferTally tally)
    {
        await _restores.Ready;
        if (!TryWrite(transfer, TransferOutcome.Unknown)) return;
        var attempt = _restores.Begin(transfer, tally);
        var startedAt = Stopwatch.GetTimestamp();
        var isUnknown = false;
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                await _restores.Ready;
                var answer = await _desk.TransferAsync(transfer.From, transfer.Key, transfer.To, transfer.Amount);
                if (!_restores.Accepts(attempt, answer)) continue;
                tally.Latency.Record(Stopwatch.GetElapsedTime(startedAt));
                break;
            }
            catch (Exception exception)
            {
                if (!isUnknown) gate.Close();
                isUnknown = true;
                if (await MayRepeatAsync(exception, pause)) continue;
                GiveUp(attempt);
                break;
            }
        }

        if (isUnknown) gate.Open();
    }

    private IAccountGrain Sender(ProcessId id) => _senders.GetOrAdd(id, _bank.Account);

    private async Task<T> CallAsync<T>(Task<T> call)
    {
        using var loss = CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token, _bank.Loss.Next);
        return await call.WaitAsync(_bank.TryTimeout, loss.Token);
    }

    /// <summary>Asks for a transfer of an earlier epoch until it is answered; none if all was abandoned.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever failed, the same key settles it.")]
    private async Task<AccountAnswer?> AskAgainAsync(Transfer transfer)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                var answer = await CallAsync(
                    Sender(transfer.From).TransferAsync(transfer.Key, transfer.To, transfer.Amount));
                Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());
                return answer;
            }
            catch (Exception exception)
            {
                if (!await MayRepeatAsync(exception, pause)) return null;
            }
        }
    }

    private static void Count(Attempt attempt, TransferOutcome? outcome)
    {
        if (attempt.Outcome is { } before) attempt.Tally.Take(before, -1);
        if (outcome is { } now) attempt.Tally.Take(now, 1);
        attempt.Outcome = outcome;
    }

    private bool TryWrite(Transfer transfer, TransferOutcome outcome)
    {
        try
        {
            _journal?.Write(transfer, outcome);
            return true;
        }
        catch (ClientException exception)
        {
            Fail(exception.Failure);
            return false;
        }
    }

    private async Task<bool> MayRepeatAsync(Exception trouble, TimeSpan pause)
    {
        if (_abandon.IsCancellationRequested) return false;
        if (trouble is RestoringException) Begin(); // It is an answer.
        Note(trouble);
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _lastAnswer)) > _bank.Timeout)
        {
            var last = _lastTrouble is null ? "no answer" : Failures.Of(_lastTrouble, CancellationToken.None).Message;
            var message = FormattableString.Invariant(
                $"no transfer was settled for {_bank.Timeout.TotalSeconds} s: {last}");
            var isStorage = _lastTrouble is Grains.NotPersistedException;
            Fail(new(isStorage ? ErrorCode.Unexpected : ErrorCode.ClusterUnreachable, message));
            return false;
        }

        await Task.Delay(pause, _abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_abandon.IsCancellationRequested;
    }

    /// <summary>Remembers the most telling failure since the last answer; of equal ones, the last.</summary>
    private void Note(Exception trouble)
    {
        if (trouble is OperationCanceledException) return;
        if (Worth(trouble) >= Worth(Volatile.Read(ref _lastTrouble))) Volatile.Write(ref _lastTrouble, trouble);
    }

    /// <summary>
    /// Ranks failures. An account that cannot persist says why. A call that arrives while it deactivates for that
    /// reason gets an error of the cluster, which says less. A timeout says nothing.
    /// </summary>
    private static int Worth(Exception? trouble) => trouble switch
    {
        null => 0,
        TimeoutException => 1,
        Grains.NotPersistedException => 3,
        _ => 2,
    };

    private void Fail(Failure failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _abandon.Cancel();
    }
}
