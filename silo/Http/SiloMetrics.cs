using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace Snapshots.Silo;

/// <summary>
/// Exports metrics to Prometheus: the meters of the snapshots, the storage, the bank and Orleans, and the process
/// itself. The adapter of the library exports counters as gauges and lets quiet series expire; this one does neither.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    /// <summary>The meters of this program.</summary>
    public static readonly string[] OwnMeters = ["Snapshots", "Snapshots.Storage", "Snapshots.Bank"];

    /// <summary>The meter of Orleans.</summary>
    public const string OrleansMeter = "Microsoft.Orleans";

    private readonly MeterListener _listener = new();

    public SiloMetrics()
    {
        DotNetStats.Register(Registry);
        Registry.AddBeforeCollectCallback(Observe);
        var factory = Metrics.WithCustomRegistry(Registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (OwnMeters.Contains(instrument.Meter.Name) || instrument.Meter.Name == OrleansMeter)
                listener.EnableMeasurementEvents(instrument, new ExportedMetric(factory, instrument));
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, metric) => Take(metric, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, metric) => Take(metric, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, metric) => Take(metric, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, metric) => Take(metric, value, tags));
        _listener.Start();
    }

    /// <summary>The registry that <c>/metrics</c> prints.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public void Dispose() => _listener.Dispose();

    private static void Take(object? metric, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((ExportedMetric)metric!).Take(value, tags);

    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // One instrument of Orleans cannot be read while the silo starts or stops; the others were.
        }
    }
}

/// <summary>One instrument as a metric of Prometheus. Thread-safe.</summary>
internal sealed class ExportedMetric
{
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(0.0005, 2, 20);
    private static readonly double[] Bytes = Histogram.ExponentialBuckets(1024, 4, 14);
    private static readonly double[] Counts = Histogram.ExponentialBuckets(1, 2, 14);

    private readonly IMetricFactory _factory;
    private readonly Type _kind;
    private readonly string _name;
    private readonly string _help;
    private readonly double[] _buckets;
    private readonly ConcurrentDictionary<string, Action<double, string[]>> _byLabels = [];

    public ExportedMetric(IMetricFactory factory, Instrument instrument)
    {
        _factory = factory;
        _kind = instrument.GetType().GetGenericTypeDefinition();
        var isOwn = instrument.Meter.Name != SiloMetrics.OrleansMeter;
        _name = NameOf(instrument.Name, isOwn ? instrument.Unit : null);
        _help = instrument.Description ?? "A measurement of Orleans.";
        _buckets = instrument.Unit switch { "s" => Seconds, "By" => Bytes, _ => Counts };
        if (!isOwn || _kind != typeof(Histogram<>)) return;
        WithLabels([.. (instrument.Tags ?? []).Select(tag => LabelOf(tag.Key))]); // The series is there from the start.
    }

    private bool IsCounter => _kind == typeof(Counter<>) || _kind == typeof(ObservableCounter<>);

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (labels, values) = (new string[tags.Length], new string[tags.Length]);
        for (var index = 0; index < tags.Length; index++)
        {
            labels[index] = LabelOf(tags[index].Key);
            values[index] = Convert.ToString(tags[index].Value, CultureInfo.InvariantCulture) ?? string.Empty;
        }

        Array.Sort(labels, values, StringComparer.Ordinal);
        WithLabels(labels)(value, values);
    }

    private Action<double, string[]> WithLabels(string[] labels) => _byLabels.GetOrAdd(
        string.Join(',', labels), static (_, made) => made.Self.Create(made.Labels), (Self: this, Labels: labels));

    private Action<double, string[]> Create(string[] labels)
    {
        if (_kind == typeof(Histogram<>))
        {
            var histogram = _factory.CreateHistogram(_name, _help, labels, new() { Buckets = _buckets });
            return (value, values) => histogram.WithLabels(values).Observe(value);
        }

        if (IsCounter)
        {
            var counter = _factory.CreateCounter(_name, _help, labels);
            return _kind == typeof(Counter<>)
                ? (value, values) => counter.WithLabels(values).Inc(value)
                : (value, values) => counter.WithLabels(values).IncTo(value);
        }

        var gauge = _factory.CreateGauge(_name, _help, labels);
        return _kind == typeof(UpDownCounter<>)
            ? (value, values) => gauge.WithLabels(values).Inc(value)
            : (value, values) => gauge.WithLabels(values).Set(value);
    }

    private string NameOf(string instrument, string? unit)
    {
        var name = LabelOf(instrument);
        var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => string.Empty };
        return $"{name}{suffix}{(IsCounter ? "_total" : string.Empty)}";
    }

    private static string LabelOf(string text) =>
        string.Concat(text.Select(each => char.IsAsciiLetterOrDigit(each) ? char.ToLowerInvariant(each) : '_'));
}
