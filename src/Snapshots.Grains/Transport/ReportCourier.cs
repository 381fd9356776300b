using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Carries the reports of all processes of a silo to the collectors, many in one call, and the receipts back. A report that gets no
/// receipt is repeated by its process.
/// </summary>
/// <remarks>Safe for concurrent use; runs outside the grains' turns.</remarks>
internal sealed partial class ReportCourier(
    IGrainFactory grains, SnapshotInstruments instruments, SiloStopping stopping, ILogger<ReportCourier> logger)
{
    private const int MaxReportsPerCall = 256;
    private const int MaxWaiting = 100_000;

    private readonly ConcurrentDictionary<(string Application, SnapshotNumber Snapshot), Outbox> _outboxes = new();

    /// <summary>Takes a report over; returns at once.</summary>
    public void Send(string application, GrainId process, Report report)
    {
        var outbox = _outboxes.GetOrAdd((application, report.Snapshot), static _ => new Outbox());
        lock (outbox)
        {
            if (outbox.Waiting.Count >= MaxWaiting || stopping.Token.IsCancellationRequested) return; // Its process repeats it.
            outbox.Waiting.Enqueue((process, report));
            if (outbox.Running) return;
            outbox.Running = true;
        }

        _ = Task.Run(() => RunAsync(application, report.Snapshot, outbox));
    }

    private async Task RunAsync(string application, SnapshotNumber snapshot, Outbox outbox)
    {
        var collector = grains.GetGrain<ISnapshotCollector>(DirectoryKeys.Collector(application, snapshot));
        while (Take(outbox) is { Length: > 0 } batch)
        {
            try
            {
                var verdicts = await collector.AcceptAsync([.. batch.Select(item => item.Report.ToWire())]).ConfigureAwait(false);
                instruments.Reports.Add(verdicts.LongCount(verdict => verdict == ReportVerdict.Accepted));
                Confirm(batch, verdicts);
            }
            catch (Exception exception)
            {
                LogNotTaken(logger, batch.Length, snapshot, exception);
            }
        }

        _outboxes.TryRemove(new((application, snapshot), outbox));
    }

    private void Confirm((GrainId Process, Report Report)[] batch, ReportVerdict[] verdicts)
    {
        var accepted = batch.Where((_, index) => verdicts[index] != ReportVerdict.WrongEpoch);
        foreach (var group in accepted.GroupBy(item => item.Process, item => Receipt(item.Report)))
        {
            grains.GetGrain<ISnapshotProcess>(group.Key).AcceptedAsync([.. group]).Ignore();
        }
    }

    private static ReportReceipt Receipt(Report report) => report switch
    {
        ChannelReport<Payload> channel => new(ReportKind.Channel, report.Snapshot, report.Epoch, channel.Source),
        OverflowReport => new(ReportKind.Overflow, report.Snapshot, report.Epoch, default),
        _ => new(ReportKind.Local, report.Snapshot, report.Epoch, default),
    };

    private static (GrainId Process, Report Report)[] Take(Outbox outbox)
    {
        lock (outbox)
        {
            var batch = new (GrainId, Report)[Math.Min(outbox.Waiting.Count, MaxReportsPerCall)];
            for (var index = 0; index < batch.Length; index++) batch[index] = outbox.Waiting.Dequeue();
            outbox.Running = batch.Length > 0;
            return batch;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} reports of snapshot {Snapshot} were not taken; they will be repeated.")]
    private static partial void LogNotTaken(ILogger logger, int count, SnapshotNumber snapshot, Exception exception);

    private sealed class Outbox
    {
        public Queue<(GrainId Process, Report Report)> Waiting { get; } = [];

        public bool Running { get; set; }
    }
}
