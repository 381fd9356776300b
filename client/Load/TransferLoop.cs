using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>
/// Keeps a number of transfers in flight. One whose outcome is unknown is sent again under its id, before its sender pays anything
/// else, until it is settled or nothing has been settled for the timeout.
/// </summary>
internal sealed class TransferLoop : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private readonly BankConnection _bank;
    private readonly IReadOnlyList<ProcessId> _accounts;
    private readonly TransferPlan _plan;
    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly SenderGate[] _gates;
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource _firstSettled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _next = -1;
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private Exception? _lastTrouble;

    /// <summary>Makes a loop of at most <paramref name="limit"/> transfers by that plan.</summary>
    public TransferLoop(BankConnection bank, IReadOnlyList<ProcessId> accounts, TransferPlan plan, long limit, TimeProvider time)
    {
        _bank = bank;
        _accounts = accounts;
        _plan = plan;
        _limit = limit;
        _time = time;
        _gates = [.. accounts.Select(_ => new SenderGate())];
    }

    /// <summary>What became of the transfers so far.</summary>
    public TransferTally Tally { get; } = new();

    /// <summary>Completes when the first transfer is settled, or the loop has ended.</summary>
    public Task UnderWay => _firstSettled.Task;

    /// <summary>Cancelled when the loop has given up; no silo answers.</summary>
    public CancellationToken Abandoned => _abandon.Token;

    /// <summary>Why the loop has given up, if it has.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Runs until all transfers are settled, or given up.</summary>
    /// <param name="concurrency">How many are in flight.</param>
    /// <param name="stop">Begins no more transfers; those in flight are still settled.</param>
    public async Task RunAsync(int concurrency, CancellationToken stop)
    {
        Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)));
        _firstSettled.TrySetResult();
    }

    /// <summary>Gives up what is in flight.</summary>
    public void Abandon() => _abandon.Cancel();

    public void Dispose() => _abandon.Dispose();

    private async Task WorkAsync(CancellationToken stop)
    {
        var loss = Link();
        try
        {
            while (!stop.IsCancellationRequested && !_abandon.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref _next);
                if (number >= _limit) return;
                var (from, to, amount) = _plan[number];
                await _gates[from].WaitAsync(_abandon.Token);
                loss = await SettleAsync(from, to, new Amount(amount), loss);
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // The transfer that waited for its sender was never sent.
        }
        finally
        {
            loss.Dispose();
        }
    }

    /// <summary>One transfer, until it is settled or given up. Returns the link that the next one waits with.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, the outcome is unknown and the same key settles it.")]
    private async Task<CancellationTokenSource> SettleAsync(int from, int to, Amount amount, CancellationTokenSource loss)
    {
        var key = RequestKeys.Create(_time);
        var startedAt = Stopwatch.GetTimestamp();
        var isUnknown = false;
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                var answer = await _bank.Account(_accounts[from]).TransferAsync(key, _accounts[to], amount)
                    .WaitAsync(_bank.Timeout, loss.Token);
                Settle(answer, Stopwatch.GetElapsedTime(startedAt));
                break;
            }
            catch (Exception exception)
            {
                if (!isUnknown) _gates[from].Close();
                isUnknown = true;
                if (!await MayRepeatAsync(exception, pause))
                {
                    Tally.GiveUp();
                    break;
                }

                if (loss.IsCancellationRequested)
                {
                    loss.Dispose();
                    loss = Link();
                }
            }
        }

        if (isUnknown) _gates[from].Open();
        return loss;
    }

    private void Settle(AccountAnswer answer, TimeSpan latency)
    {
        Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());
        Tally.Latency.Record(latency);
        if (answer.IsAccepted) Tally.Accept();
        else if (answer.Reason == RefusalReason.KeyTooOld) Tally.GiveUp(); // Whether it was executed once, nobody knows any more.
        else Tally.Refuse();
        _firstSettled.TrySetResult();
    }

    private async Task<bool> MayRepeatAsync(Exception trouble, TimeSpan pause)
    {
        if (_abandon.IsCancellationRequested) return false;
        if (trouble is not OperationCanceledException) Volatile.Write(ref _lastTrouble, trouble);
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _lastAnswer)) > _bank.Timeout)
        {
            var last = _lastTrouble is null ? "no answer" : Failures.Of(_lastTrouble, CancellationToken.None).Message;
            var message = FormattableString.Invariant($"no silo has settled a transfer for {_bank.Timeout.TotalSeconds} s: {last}");
            Failure = new(_lastTrouble is Grains.NotPersistedException ? ErrorCode.Unexpected : ErrorCode.ClusterUnreachable, message);
            await _abandon.CancelAsync();
            return false;
        }

        await Task.Delay(pause, _abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_abandon.IsCancellationRequested;
    }

    private CancellationTokenSource Link() => CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token, _bank.Loss.Next);
}
