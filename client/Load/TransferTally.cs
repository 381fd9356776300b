namespace Snapshots.Client;

/// <summary>What became of the transfers of a load. Safe for concurrent use.</summary>
internal sealed class TransferTally
{
    private long _accepted;
    private long _refused;
    private long _unknown;

    public long Accepted => Volatile.Read(ref _accepted);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Sent, and given up without an answer.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>All that were sent and are not on their way any more.</summary>
    public long Sent => Accepted + Refused + Unknown;

    /// <summary>How long the answered ones took, repeats included.</summary>
    public LatencyHistogram Latency { get; } = new();

    public void Accept() => Interlocked.Increment(ref _accepted);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void GiveUp() => Interlocked.Increment(ref _unknown);
}
