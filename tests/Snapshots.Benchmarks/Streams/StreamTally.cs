namespace Snapshots.Benchmarks;

/// <summary>How many events of bare streams have arrived in this silo. Safe for concurrent use.</summary>
internal sealed class StreamTally
{
    private long _arrived;

    public long Arrived => Volatile.Read(ref _arrived);

    public void Add(int count) => Interlocked.Add(ref _arrived, count);
}
