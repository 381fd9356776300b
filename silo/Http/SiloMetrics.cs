using System.Diagnostics.Metrics;
using Prometheus;

namespace Snapshots.Silo;

/// <summary>
/// What is measured in this process, for Prometheus: the meters of the snapshots, of the storage and of Orleans, and
/// the process itself. A metric's name is the meter's and the instrument's, joined by an underscore.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    /// <summary>
    /// A counter that is quiet for longer vanishes and starts again from zero. This is the most that the adapter
    /// allows; its own five minutes would lose the totals of a silo that idles over lunch.
    /// </summary>
    private static readonly TimeSpan KeptWhileQuiet = TimeSpan.FromDays(1);

    /// <summary>0.05 ms to 26 s for times, and the same figures for sizes.</summary>
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

    /// <summary>Where <c>/metrics</c> finds them.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public void Dispose() => _adapter.Dispose();

    private static bool IsWanted(Instrument instrument) =>
        instrument.Meter.Name is "Snapshots" or "Snapshots.Storage" or "Microsoft.Orleans";
}
