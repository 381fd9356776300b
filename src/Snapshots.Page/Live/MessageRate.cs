using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Snapshots.Page;

/// <summary>
/// How many frames the processes of this silo send a second, first times alone: messages, and the markers of snapshots.
/// It listens to the counters of the meter <c>Snapshots</c>. Thread-safe.
/// </summary>
internal sealed class MessageRate : IDisposable
{
    private const string MeterName = "Snapshots";
    private const string Sent = "snapshots.frames.sent";
    private const string Resent = "snapshots.frames.resent";
    private static readonly TimeSpan MinSpan = TimeSpan.FromMilliseconds(500);

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private long _count;
    private long _countBefore;
    private long _readAt = Stopwatch.GetTimestamp();
    private double _perSecond;

    public MessageRate()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeterName && instrument.Name is Sent or Resent)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Add(ref _count, instrument.Name == Sent ? value : -value));
        _listener.Start();
    }

    /// <summary>The rate since the last look; looks that follow each other at once see the same.</summary>
    public double PerSecond()
    {
        lock (_lock)
        {
            var span = Stopwatch.GetElapsedTime(_readAt);
            if (span < MinSpan) return _perSecond;
            var count = Interlocked.Read(ref _count);
            _perSecond = Math.Max(0, (count - _countBefore) / span.TotalSeconds);
            (_countBefore, _readAt) = (count, Stopwatch.GetTimestamp());
            return _perSecond;
        }
    }

    public void Dispose() => _listener.Dispose();
}
