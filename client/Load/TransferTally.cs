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

    public void Accept() => Interlocked.Increment(ref _accepted);

    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>Takes an outcome back that a restore has discarded.</summary>
    public void Revoke(bool isAccepted) => Interlocked.Decrement(ref isAccepted ? ref _accepted : ref _refused);

    public void GiveUp() => Interlocked.Increment(ref _unknown);
}
