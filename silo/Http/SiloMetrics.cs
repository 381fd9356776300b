using System.Diagnostics.Metrics;
using Prometheus;

namespace Snapshots.Silo;

/// <summary>
/// Exports metrics to Prometheus: the meters of the snapshots, the storage and Orleans, and the process itself. The
/// name of a metric is that of its meter and its instrument, joined by an underscore.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    /// <summary>
    /// A counter that does not change for longer disappears and starts again from zero. This is the adapter's maximum;
    /// its default of five minutes would lose the totals of a silo that is idle for a while.
    /// </summary>
    private static readonly TimeSpan KeptWhileQuiet = TimeSpan.FromDays(1);

    /// <summary>0.05 ms to 26 s for times, and the same numbers for sizes.</summary>
    private static readonly double[] Buckets = Histogram.ExponentialBuckets(0.05, 2, 20);

    private readonly IDisposable _adapter;

    public SiloMetrics()
    {
        DotNetStats.Register(Registry);
        _adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = Registry,
            MetricFactory = Metrics.WithCustomRegistry(Registry),
            InstrumentFilterPredicate = IsWanted,
            MetricsExpireAfter = KeptWhileQuiet,
            ResolveHistogramBuckets = _ => Buckets,
        });
    }

    /// <summary>The registry that <c>/metrics</c> prints.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public void Dispose() => _adapter.Dispose();

    private static bool IsWanted(Instrument instrument) =>
        instrument.Meter.Name is "Snapshots" or "Snapshots.Storage" or "Microsoft.Orleans";
}
