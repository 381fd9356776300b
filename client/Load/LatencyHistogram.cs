using System.Numerics;

namespace Snapshots.Client;

/// <summary>
/// Counts latencies in buckets of at most 1/32 of their value, so that a percentile is exact to 3 %. Recording
/// allocates nothing. Thread-safe.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int BucketBits = 6;
    private const int BucketsPerPower = 1 << BucketBits;

    /// <summary>Microseconds up to 2^40, which is 12 days; longer latencies count as that.</summary>
    private const int MaxBits = 40;

    private readonly long[] _counts = new long[(MaxBits - BucketBits + 1) * BucketsPerPower];
    private long _maxUs;

    /// <summary>The longest latency in milliseconds; 0 without any.</summary>
    public double MaxMs => Volatile.Read(ref _maxUs) / 1000.0;

    /// <summary>Counts one call.</summary>
    public void Record(TimeSpan latency)
    {
        var us = Math.Clamp((long)latency.TotalMicroseconds, 0, (1L << MaxBits) - 1);
        Interlocked.Increment(ref _counts[BucketOf(us)]);
        for (var max = Volatile.Read(ref _maxUs); us > max;)
        {
            var seen = Interlocked.CompareExchange(ref _maxUs, us, max);
            if (seen == max) break;
            max = seen;
        }
    }

    /// <summary>Returns the latency in milliseconds that a share of the calls did not exceed; 0 without any.</summary>
    public double PercentileMs(double share)
    {
        var all = _counts.Sum();
        var wanted = Math.Max(1, (long)Math.Ceiling(all * share));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted) return Math.Min(UpperUs(bucket) / 1000.0, MaxMs);
        }

        return 0;
    }

    /// <summary>The first 64 buckets are one microsecond wide, each next 64 twice as wide as those before.</summary>
    private static int BucketOf(long us)
    {
        var power = Math.Max(BitOperations.Log2((ulong)us | 1) - BucketBits + 1, 0);
        return power == 0 ? (int)us : (power * BucketsPerPower / 2) + (int)(us >> power);
    }

    private static long UpperUs(int bucket)
    {
        if (bucket < BucketsPerPower) return bucket;
        var power = (bucket / (BucketsPerPower / 2)) - 1;
        var within = bucket - (power * BucketsPerPower / 2);
        return ((within + 1L) << power) - 1;
    }
}
