using Snapshots.Bank;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>
/// Keeps a number of transfers in flight. One whose outcome is unknown is settled before its sender pays anything else.
/// </summary>
/// <param name="settler">Sends the transfers.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="plan">Who pays whom how much.</param>
/// <param name="limit">How many transfers at most.</param>
/// <param name="time">The clock that the ids are made by.</param>
internal sealed class TransferLoop(
    TransferSettler settler, IReadOnlyList<ProcessId> accounts, TransferPlan plan, long limit, TimeProvider time)
{
    private readonly SenderGate[] _gates = [.. accounts.Select(_ => new SenderGate())];
    private long _next = -1;

    /// <summary>Runs until all transfers are settled, or given up.</summary>
    /// <param name="concurrency">How many are in flight.</param>
    /// <param name="stop">Begins no more transfers; those in flight are still settled.</param>
    public async Task RunAsync(int concurrency, CancellationToken stop)
    {
        settler.Begin();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)));
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
                await settler.SettleAsync(transfer, _gates[from]);
            }
        }
        catch (OperationCanceledException) when (settler.Abandoned.IsCancellationRequested)
        {
            // The transfer that waited for its sender was never sent.
        }
    }
}
