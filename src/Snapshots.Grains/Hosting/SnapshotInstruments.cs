using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The measurements of the snapshot machinery in one silo, under the meter <c>Snapshots</c>. Units are seconds and
/// bytes. Each counter is 0 from the start, with each value of its tags.
/// </summary>
internal sealed class SnapshotInstruments
{
    public const string MeterName = "Snapshots";

    private const string ApplicationTag = "application";
    private const string ReasonTag = "reason";
    private const string StatusTag = "status";
    private const string CompletedStatus = "completed";
    private const string AbortedStatus = "aborted";
    private const string Other = "other";

    /// <summary>Why snapshots are aborted, by what the reason begins with.</summary>
    private static readonly ImmutableArray<(string Words, string Reason)> Reasons =
    [
        ("timed out after", "timeout"),
        ("aborted by", "cancelled"),
        ("restore ", "restore"),
        ("The stored state of", "damaged"),
        ("The handler of", "handler"),
        ("the recording of", "overflow"),
        ("the certificate does not hold", "certificate"),
    ];

    private readonly Counter<long> _aborted;
    private readonly Counter<long> _restores;
    private readonly Counter<long> _findings;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _size;
    private readonly ConcurrentDictionary<string, (long Bytes, long InTransit)> _kept = [];
    private readonly ConcurrentDictionary<object, long> _unacknowledgedSince = [];

    public SnapshotInstruments(IMeterFactory meters)
    {
#pragma warning disable CA2000 // The meter factory owns the meters that it creates.
        var meter = meters.Create(MeterName);
#pragma warning restore CA2000
        Commits = Create("commits", "{write}", "Writes of processes to their journals.");
        CommitFailures = Create("commit.failures", "{write}", "Writes that failed; the process then starts again.");
        Damaged = Create("processes.damaged", "{process}", "Processes whose stored state is damaged; none starts.");
        Rests = Create("processes.rested", "{process}", "Processes that rest: their shard answers snapshots for them.");
        Awakenings = Create("processes.awoken", "{process}", "Processes at rest that a caller, a frame or an ask has woken.");
        DamagedRows = Create("rows.damaged", "{row}", "Rows of directory, index and collections that are damaged.");
        HandlerFailures = Create("handler.failures", "{message}", "Messages at which the handler of an application throws.");
        FramesSent = Create("frames.sent", "{frame}", "Frames given to the stream, for the first time or again.");
        FramesResent = Create("frames.resent", "{frame}", "Frames sent again because no acknowledgement came.");
        Markers = Create("markers", "{marker}", "Markers put on channels; one that is sent again counts once.");
        Packets = Create("packets", "{event}", "Events published to the stream, each with many frames.");
        PublishRetries = Create("publish.retries", "{try}", "Publications that the stream refused.");
        FramesDropped = Create("frames.dropped", "{frame}", "Frames dropped by a full send queue; they are sent again.");
        Faults = Create("channel.faults", "{fault}", "Impossible inputs; the storage has lost acknowledged writes.");
        Reports = Create("reports", "{report}", "Reports of processes that were stored for a snapshot.");
        Completed = Create("completed", "{snapshot}", "Snapshots that completed.");
        _aborted = meter.CreateCounter<long>("snapshots.aborted", "{snapshot}", "Snapshots that were aborted, by reason.");
        _restores = meter.CreateCounter<long>("snapshots.restores", "{restore}", "Restores that ended, by status.");
        _findings = meter.CreateCounter<long>("snapshots.check.findings", "{finding}", "Findings of checks, by check.");
        _duration = meter.CreateHistogram<double>("snapshots.duration", "s", "Time until a snapshot completes.");
        _size = meter.CreateHistogram<long>("snapshots.size", "By", "Size of the reports of a completed snapshot.");
        meter.CreateObservableGauge(
            "snapshots.stored",
            () => Observe(kept => kept.Bytes),
            "By",
            "Size of all kept snapshots, on the silo with the index of the application.");
        meter.CreateObservableGauge(
            "snapshots.in_transit",
            () => Observe(kept => kept.InTransit),
            "{message}",
            "Messages in transit in the newest completed snapshot, on the silo with the index of the application.");
        meter.CreateObservableGauge(
            "snapshots.unacknowledged.age",
            ObserveAge,
            "s",
            "Longest time for which a channel has waited for an acknowledgement.");
        foreach (var reason in Reasons.Select(each => each.Reason).Append(Other)) Add(_aborted, 0, ReasonTag, reason);
        foreach (var status in (string[])[CompletedStatus, AbortedStatus]) Add(_restores, 0, StatusTag, status);

        Counter<long> Create(string name, string unit, string description)
        {
            var counter = meter.CreateCounter<long>($"snapshots.{name}", unit, description);
            counter.Add(0);
            return counter;
        }
    }

    public Counter<long> Commits { get; }

    public Counter<long> CommitFailures { get; }

    public Counter<long> Damaged { get; }

    public Counter<long> Rests { get; }

    public Counter<long> Awakenings { get; }

    public Counter<long> DamagedRows { get; }

    public Counter<long> HandlerFailures { get; }

    public Counter<long> FramesSent { get; }

    public Counter<long> FramesResent { get; }

    public Counter<long> Markers { get; }

    public Counter<long> Packets { get; }

    public Counter<long> PublishRetries { get; }

    public Counter<long> FramesDropped { get; }

    public Counter<long> Faults { get; }

    public Counter<long> Reports { get; }

    public Counter<long> Completed { get; }

    /// <summary>Shows the series of an application from the start of the silo on.</summary>
    public void Host(string application, IEnumerable<string> checks)
    {
        Keeps(application, bytes: 0, inTransit: 0);
        foreach (var check in checks) Found(application, check, 0);
    }

    /// <summary>A snapshot has ended.</summary>
    public void Ended(SnapshotSummary summary)
    {
        if (summary.Status == SnapshotStatus.Aborted) Add(_aborted, 1, ReasonTag, ReasonOf(summary.Reason));
        if (summary is not { Status: SnapshotStatus.Completed, EndedAtMs: { } endedAtMs }) return;
        Completed.Add(1);
        _duration.Record((endedAtMs - summary.StartedAtMs) / 1000.0);
        _size.Record(summary.Bytes);
    }

    /// <summary>A restore has ended.</summary>
    public void Ended(RestoreStatus status) =>
        Add(_restores, 1, StatusTag, status == RestoreStatus.Completed ? CompletedStatus : AbortedStatus);

    /// <summary>A check has findings.</summary>
    public void Found(string application, string check, long findings) => _findings.Add(
        findings,
        new KeyValuePair<string, object?>(ApplicationTag, application),
        new KeyValuePair<string, object?>("check", check));

    /// <summary>What the kept snapshots of an application take; 0 where its index is not in this silo.</summary>
    public void Keeps(string application, long bytes, long inTransit) => _kept[application] = (bytes, inTransit);

    /// <summary>How long a process has waited for an acknowledgement; null if it waits for none.</summary>
    public void Waits(object process, long? milliseconds)
    {
        if (milliseconds is not { } age) _unacknowledgedSince.TryRemove(process, out _);
        else _unacknowledgedSince[process] = Stopwatch.GetTimestamp() - (age * (Stopwatch.Frequency / 1000));
    }

    private static void Add(Counter<long> counter, long count, string tag, string value) =>
        counter.Add(count, new KeyValuePair<string, object?>(tag, value));

    /// <summary>The kind of a reason: the metric has few values.</summary>
    internal static string ReasonOf(string reason) =>
        Reasons.FirstOrDefault(each => reason.StartsWith(each.Words, StringComparison.Ordinal)).Reason ?? Other;

    private IEnumerable<Measurement<long>> Observe(Func<(long Bytes, long InTransit), long> figure) =>
        _kept.Select(entry => new Measurement<long>(
            figure(entry.Value), new KeyValuePair<string, object?>(ApplicationTag, entry.Key)));

    private double ObserveAge() => _unacknowledgedSince.Values
        .Select(since => Stopwatch.GetElapsedTime(since).TotalSeconds).DefaultIfEmpty(0).Max();
}
