using System.Diagnostics.Metrics;

namespace Snapshots.Storage;

/// <summary>
/// The metrics of one storage, in the meter <c>Snapshots.Storage</c>; each has the tag <c>storage</c>, its name.
/// </summary>
internal sealed class StorageInstruments
{
    public const string MeterName = "Snapshots.Storage";

    private readonly KeyValuePair<string, object?> _tag;
    private readonly Counter<long> _groups;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _failures;
    private readonly Histogram<int> _groupSize;
    private readonly Histogram<double> _commitDuration;
    private volatile Func<int>? _queueLength;

    public StorageInstruments(IMeterFactory meters, string name)
    {
        _tag = new("storage", name);
#pragma warning disable CA2000 // The factory keeps the meter and disposes it.
        var meter = meters.Create(MeterName);
#pragma warning restore CA2000
        _groups = Create("groups", "{group}", "Groups of writes that were committed.");
        _writes = Create("writes", "{write}", "Writes and clears that were committed.");
        _conflicts = Create("conflicts", "{write}", "Writes refused because another activation has written.");
        _failures = Create("failures", "{group}", "Groups of writes that failed.");
        _groupSize = meter.CreateHistogram<int>(
            "snapshots.storage.group.size", "{write}", "Writes in a committed group.", [_tag]);
        _commitDuration = meter.CreateHistogram<double>(
            "snapshots.storage.commit.duration",
            "s",
            "Time of a committed group, from its first write to the disk.",
            [_tag]);
        meter.CreateObservableGauge(
            "snapshots.storage.queue.length", ObserveQueue, "{write}", "Writes that wait for the next group.");

        Counter<long> Create(string metric, string unit, string description)
        {
            var counter = meter.CreateCounter<long>($"snapshots.storage.{metric}", unit, description);
            counter.Add(0, _tag); // The series is there from the start.
            return counter;
        }
    }

    /// <summary>Sets where the queue's length comes from; null when there is no queue any longer.</summary>
    public void Observe(Func<int>? queueLength) => _queueLength = queueLength;

    public void Committed(IReadOnlyList<WriteRequest> group, TimeSpan duration)
    {
        var conflicts = 0;
        var probes = 0;
        foreach (var request in group)
        {
            if (request.IsConflict)
                conflicts++;
            if (request.Kind == WriteKind.Probe)
                probes++;
        }

        _groups.Add(1, _tag);
        _writes.Add(group.Count - conflicts - probes, _tag);
        _conflicts.Add(conflicts, _tag);
        _groupSize.Record(group.Count - probes, _tag);
        _commitDuration.Record(duration.TotalSeconds, _tag);
    }

    public void Failed() => _failures.Add(1, _tag);

    private IEnumerable<Measurement<int>> ObserveQueue() =>
        _queueLength is { } length ? [new Measurement<int>(length(), _tag)] : [];
}
