using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Snapshots.Grains;

/// <summary>The measurements of the snapshot machinery in one silo, under the meter <c>Snapshots</c>.</summary>
internal sealed class SnapshotInstruments
{
    public const string MeterName = "Snapshots";

    public SnapshotInstruments(IMeterFactory meters)
    {
#pragma warning disable CA2000 // The meter factory owns the meters that it creates.
        var meter = meters.Create(MeterName);
#pragma warning restore CA2000
        Commits = meter.CreateCounter<long>("commits", "{write}", "Records of processes written.");
        CommitFailures = meter.CreateCounter<long>("commit.failures", "{write}", "Writes that failed; the process was reloaded.");
        Damaged = meter.CreateCounter<long>("processes.damaged", "{process}", "Processes that were not started, since their storage is damaged.");
        DamagedRows = meter.CreateCounter<long>("rows.damaged", "{row}", "Rows of directory, index and collections that were refused, since they are damaged.");
        HandlerFailures = meter.CreateCounter<long>("handler.failures", "{message}", "Messages at which the application's handler throws.");
        FramesSent = meter.CreateCounter<long>("frames.sent", "{frame}", "Frames given to the stream, sent again or not.");
        FramesResent = meter.CreateCounter<long>("frames.resent", "{frame}", "Frames sent again.");
        Packets = meter.CreateCounter<long>("packets", "{event}", "Stream events published.");
        PublishRetries = meter.CreateCounter<long>("publish.retries", "{try}", "Publications that the stream refused.");
        FramesDropped = meter.CreateCounter<long>("frames.dropped", "{frame}", "Frames given up by the sender's queue; they are sent again.");
        Faults = meter.CreateCounter<long>("channel.faults", "{fault}", "Inputs from the network that were impossible.");
        Reports = meter.CreateCounter<long>("reports", "{report}", "Reports that collectors have persisted.");
        Completed = meter.CreateCounter<long>("completed", "{snapshot}", "Snapshots completed.");
        Aborted = meter.CreateCounter<long>("aborted", "{snapshot}", "Snapshots aborted.");
        CheckFindings = meter.CreateCounter<long>("check.findings.total", "{finding}", "Findings of the checks of applications.");
        Duration = meter.CreateHistogram<double>("duration", "ms", "From begin to completion.");
        meter.CreateObservableGauge(
            "stored.bytes",
            () => StoredBytes.Select(entry => new Measurement<long>(entry.Value, new KeyValuePair<string, object?>("application", entry.Key))),
            "By",
            "What the reports of kept snapshots take in the storage, about; of applications whose index is in this silo.");
    }

    public Counter<long> Commits { get; }

    public Counter<long> CommitFailures { get; }

    public Counter<long> Damaged { get; }

    public Counter<long> DamagedRows { get; }

    public Counter<long> HandlerFailures { get; }

    public Counter<long> FramesSent { get; }

    public Counter<long> FramesResent { get; }

    public Counter<long> Packets { get; }

    public Counter<long> PublishRetries { get; }

    public Counter<long> FramesDropped { get; }

    public Counter<long> Faults { get; }

    public Counter<long> Reports { get; }

    public Counter<long> Completed { get; }

    public Counter<long> Aborted { get; }

    public Counter<long> CheckFindings { get; }

    public Histogram<double> Duration { get; }

    /// <summary>What the reports of kept snapshots take, by application whose index is in this silo.</summary>
    public ConcurrentDictionary<string, long> StoredBytes { get; } = [];
}
