namespace Snapshots.Client;

/// <summary>Counts the outcomes of the transfers of a load. Thread-safe.</summary>
internal sealed class TransferTally
{
    private long _accepted;
    private long _refused;
    private long _unknown;

    public long Accepted => Volatile.Read(ref _accepted);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Sent, and abandoned without an answer.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>All transfers that were sent and have ended.</summary>
    public long Sent => Accepted + Refused + Unknown;

    /// <summary>The latencies of the answered transfers, repeats included.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Counts that many more with an outcome.</summary>
    public void Take(TransferOutcome outcome, int count)
    {
        ref var counter = ref _unknown;
        if (outcome == TransferOutcome.Accepted) counter = ref _accepted;
        if (outcome == TransferOutcome.Refused) counter = ref _refused;
        Interlocked.Add(ref counter, count);
    }
}
