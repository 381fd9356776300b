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
                var transfer = new Transfer(RequestKeys.Create(time), accounts[from], accounts[to], new Amount(amount));
                await settler.SettleAsync(transfer, _gates[from]);
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
    public Task RunAsync(int concurrency, CancellationToken stop)
    {
        settler.Begin();
        return Task.WhenAll(
            Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)));
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && !settler.Abandoned.IsCancellationRequested)
        {
            var index = Interlocked.Increment(ref _next);
            if (index >= transfers.Count) return;
            await settler.SettleAsync(transfers[index], new SenderGate());
        }
    }
}

/// <summary>
/// Random transfers by a seed: the n-th transfer of a seed is the same in every run and version. Uses SplitMix64
/// (Steele, Lea and Flood 2014), since the sequence of <see cref="Random"/> may change between versions. Thread-safe.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="accounts">How many accounts there are, at least 2.</param>
/// <param name="partners">How many others an account pays, the next in order: 1 … accounts − 1.</param>
internal sealed class TransferPlan(long seed, int accounts, int partners)
{
    /// <summary>The largest amount, included: small beside the deposit, so that few transfers are refused.</summary>
    public const int MaxAmount = 10;

    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Returns the transfer of a number, from 0: two different accounts, by index, and an amount.</summary>
    public (int From, int To, int Amount) this[long number]
    {
        get
        {
            var start = unchecked((ulong)seed + Mix((ulong)number));
            var from = Below(Mix(unchecked(start + Step)), accounts);
            var to = (from + 1 + Below(Mix(unchecked(start + (2 * Step))), partners)) % accounts;
            var amount = 1 + Below(Mix(unchecked(start + (3 * Step))), MaxAmount);
            return (from, to, amount);
        }
    }

    private static int Below(ulong random, int bound) => (int)(random % (ulong)bound);

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
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
