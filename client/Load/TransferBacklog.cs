namespace Snapshots.Client;

/// <summary>Settles transfers that an earlier run has left unknown; their senders pay nothing else meanwhile.</summary>
internal sealed class TransferBacklog(TransferSettler settler, IReadOnlyList<Transfer> transfers)
{
    private int _next = -1;

    /// <summary>Runs until all are settled, or given up.</summary>
    public Task RunAsync(int concurrency, CancellationToken stop)
    {
        settler.Begin();
        return Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)));
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
