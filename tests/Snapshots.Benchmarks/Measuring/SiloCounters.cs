using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Snapshots.Benchmarks;

/// <summary>
/// What the silos of this process count of themselves, from now on: it says where the time of a figure goes.
/// </summary>
internal sealed class SiloCounters : IDisposable
{
    private readonly ConcurrentDictionary<string, StrongCount> _counts = new();
    private readonly MeterListener _listener = new();

    public SiloCounters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is Counter<long> && instrument.Meter.Name
                .StartsWith(nameof(Snapshots), StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(
                    instrument, _counts.GetOrAdd($"{instrument.Meter.Name} {instrument.Name}", _ => new()));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, _, count) => ((StrongCount)count!).Add(value));
        _listener.Start();
    }

    /// <summary>Records of processes that were written.</summary>
    public long Commits => Of("Snapshots snapshots.commits");

    /// <summary>Times that a process began to rest.</summary>
    public long Rests => Of("Snapshots snapshots.processes.rested");

    /// <summary>Times that a process at rest was woken.</summary>
    public long Awakenings => Of("Snapshots snapshots.processes.awoken");

    /// <summary>Stream events that were published.</summary>
    public long Packets => Of("Snapshots snapshots.packets");

    /// <summary>Frames that were given to the stream, again or for the first time.</summary>
    public long Frames => Of("Snapshots snapshots.frames.sent");

    /// <summary>Frames that were sent again.</summary>
    public long Resent => Of("Snapshots snapshots.frames.resent");

    /// <summary>Transactions of the storage, each with a wait for the disk.</summary>
    public long Groups => Of("Snapshots.Storage snapshots.storage.groups");

    public void Dispose() => _listener.Dispose();

    private long Of(string name) => _counts.TryGetValue(name, out var count) ? count.Value : 0;

    private sealed class StrongCount
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add(long value) => Interlocked.Add(ref _value, value);
    }
}
