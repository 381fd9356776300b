namespace Snapshots.Client;

/// <summary>
/// Keeps a number of transfers in flight. A sender pays nothing else while one of its transfers is unknown.
/// </summary>
/// <param name="settler">Sends the transfers.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="plan">The transfers.</param>
/// <param name="limit">The most transfers.</param>
/// <param name="time">The clock of the ids.</param>
internal sealed class TransferLoop(
    TransferSettler settler, IReadOnlyList<ProcessId> accounts, TransferPlan plan, long limit, TimeProvider time)
{
    private readonly SenderGate[] _gates = [.. accounts.Select(_ => new SenderGate())];
    private long _next = -1;

    /// <summary>Runs until all transfers are settled or abandoned.</summary>
    /// <param name="concurrency">How many are in flight.</param>
    /// <param name="stop">Begins no more transfers; those in flight are still settled.</param>
    public async Task RunAsync(int concurrency, CancellationToken stop)
    {
        settler.Begin();
        await Task.WhenAll(
            Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)));
        await settler.SettledAsync();
        settler.End();
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && !settler.Abandoned.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref _next);
                if (number >= limit) return;
                var (from, to, amount) = plan[number];
                await _gates[from].WaitAsync(settler.Abandoned);
                var transfer = new Transfer(RequestKeys.New(time), accounts[from], accounts[to], new Amount(amount));
                await settler.SettleAsync(transfer, _gates[from], settler.Tally);
            }
        }
        catch (OperationCanceledException) when (settler.Abandoned.IsCancellationRequested)
        {
            // The transfer that waited for its sender was not sent.
        }
    }
}

/// <summary>Settles the unknown transfers of an earlier run; their senders pay nothing else meanwhile.</summary>
internal sealed class TransferBacklog(TransferSettler settler, IReadOnlyList<Transfer> transfers)
{
    private int _next = -1;

    /// <summary>Runs until all are settled or abandoned.</summary>
    public async Task RunAsync(int concurrency, CancellationToken stop)
    {
        settler.Begin();
        await Task.WhenAll(
            Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)));
        await settler.SettledAsync();
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && !settler.Abandoned.IsCancellationRequested)
        {
            var index = Interlocked.Increment(ref _next);
            if (index >= transfers.Count) return;
            await settler.SettleAsync(transfers[index], new SenderGate(), settler.Resumed);
        }
    }
}

/// <summary>
/// Blocks a sender while the outcome of one of its transfers is unknown. Costs nothing otherwise. Thread-safe.
/// </summary>
internal sealed class SenderGate
{
    private readonly Lock _lock = new();
    private int _unsettled;
    private TaskCompletionSource? _settled;

    /// <summary>Completes when no outcome is unknown.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _unsettled) > 0)
        {
            Task settled;
            lock (_lock) settled = _settled?.Task ?? Task.CompletedTask;
            await settled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>One more outcome is unknown.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            _unsettled++;
        }
    }

    /// <summary>An unknown outcome is settled or abandoned.</summary>
    public void Open()
    {
        lock (_lock)
        {
            if (--_unsettled > 0) return;
            _settled?.SetResult();
            _settled = null;
        }
    }
}
