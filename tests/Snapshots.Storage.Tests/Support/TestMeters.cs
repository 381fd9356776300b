using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Snapshots.Storage.Tests;

/// <summary>A meter factory of its own for each test, with a listener that adds up what it hears.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = [];
    private readonly List<Meter> _meters = [];

    public TestMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, options.Version, options.Tags, scope: this);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>The sum of everything measured so far; null if nothing was.</summary>
    public double? Sum(string instrument) => _sums.TryGetValue(instrument, out var sum) ? sum : null;

    /// <summary>Ends when the instrument measures something, from now on.</summary>
    public Task Next(string instrument)
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[instrument] = next;
        return next.Task;
    }

    /// <summary>What an observable instrument shows now; null if nothing.</summary>
    public double? Observe(string instrument)
    {
        _sums.TryRemove(instrument, out _);
        _listener.RecordObservableInstruments();
        return Sum(instrument);
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters)
            meter.Dispose();
    }

    private void Add(Instrument instrument, double value)
    {
        _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        if (_waiting.TryRemove(instrument.Name, out var waiting))
            waiting.SetResult();
    }
}
