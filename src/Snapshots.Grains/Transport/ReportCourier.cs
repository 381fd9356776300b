using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Carries the reports of all processes of a silo to the parts of the collections, many in one call, and the receipts back. A report that gets no receipt is repeated by its
/// process; one that is still waiting here, or under way, is not taken twice.
/// </summary>
/// <remarks>Safe for concurrent use; runs outside the grains' turns.</remarks>
internal sealed partial class ReportCourier(
    IGrainFactory grains, SnapshotInstruments instruments, TimeProvider time, SiloStopping stopping, ILogger<ReportCourier> logger)
{
    private const int MaxReportsPerCall = 1024;

    /// <summary>
    /// About the bytes of reports in one call, but for a single report that is larger: they become one row. One call follows the other,
    /// so few make a snapshot short.
    /// </summary>
    private const int MaxBytesPerCall = 4 * 1024 * 1024;

    /// <summary>About what a count of a channel takes with the name of its other end.</summary>
    private const int BytesPerCount = 24;
    private const int MaxWaiting = 100_000;

    /// <summary>How often reports are brought again to a part that is not started yet; with the pauses, about 10 seconds.</summary>
    private const int MaxAttempts = 17;
    private static readonly Backoff Pauses = new(5, 1000);

    private readonly ConcurrentDictionary<OutboxKey, Outbox> _outboxes = new();

    /// <summary>Takes a report over; returns at once.</summary>
    public void Send(string application, GrainId process, Report report)
    {
        var key = new OutboxKey(application, report.Snapshot, DirectoryKeys.Parts.PartOf(report.Process));
        var outbox = _outboxes.GetOrAdd(key, static _ => new Outbox());
        lock (outbox)
        {
            if (outbox.Waiting.Count >= MaxWaiting || stopping.Token.IsCancellationRequested) return; // Its process repeats it.
            if (!outbox.Known.Add((process, report.ReceiptFor<Payload>()))) return;
            outbox.Waiting.Enqueue((process, report));
            if (outbox.Running) return;
            outbox.Running = true;
        }

        _ = Task.Run(() => RunAsync(key, outbox));
    }

    private async Task RunAsync(OutboxKey key, Outbox outbox)
    {
        while (Take(outbox) is { Length: > 0 } batch)
        {
            try
            {
                var verdicts = await BringAsync(key, batch).ConfigureAwait(false);
                instruments.Reports.Add(verdicts.LongCount(verdict => verdict == ReportVerdict.Accepted));
                Confirm(batch, verdicts);
            }
            catch (Exception exception)
            {
                LogNotTaken(logger, batch.Length, key.Snapshot, exception);
            }

            Forget(outbox, batch);
        }

        _outboxes.TryRemove(new(key, outbox));
    }

    private async Task<ReportVerdict[]> BringAsync(OutboxKey key, (GrainId Process, Report Report)[] batch)
    {
        var part = grains.GetGrain<ISnapshotPart>(DirectoryKeys.Part(key.Application, key.Snapshot, key.Part));
        var reports = Array.ConvertAll(batch, item => item.Report.ToWire());
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await part.AcceptAsync(reports).ConfigureAwait(false) is { Length: > 0 } verdicts) return verdicts;
            await Task.Delay(Pauses.Pause(attempt), time, stopping.Token).ConfigureAwait(false);
        }

        throw new TimeoutException("the part of the collection is not started");
    }

    private void Confirm((GrainId Process, Report Report)[] batch, ReportVerdict[] verdicts)
    {
        var accepted = batch.Where((_, index) => verdicts[index] != ReportVerdict.WrongEpoch);
        foreach (var group in accepted.GroupBy(item => item.Process, item => item.Report.ReceiptFor<Payload>()))
        {
            grains.GetGrain<ISnapshotProcess>(group.Key).AcceptedAsync([.. group]).Ignore();
        }
    }

    private static (GrainId Process, Report Report)[] Take(Outbox outbox)
    {
        lock (outbox)
        {
            var batch = new List<(GrainId, Report)>();
            var bytes = 0;
            while (batch.Count < MaxReportsPerCall && outbox.Waiting.TryPeek(out var next))
            {
                bytes += BytesOf(next.Report);
                if (batch.Count > 0 && bytes > MaxBytesPerCall) break;
                batch.Add(outbox.Waiting.Dequeue());
            }

            outbox.Running = batch.Count > 0;
            return [.. batch];
        }
    }

    private static void Forget(Outbox outbox, (GrainId Process, Report Report)[] batch)
    {
        lock (outbox)
        {
            foreach (var (process, report) in batch) outbox.Known.Remove((process, report.ReceiptFor<Payload>()));
        }
    }

    private static int BytesOf(Report report) => report switch
    {
        LocalReport<StatePayload> local => local.State.State.Bytes.Length
            + local.State.Requests.Bytes.Length
            + (BytesPerCount * (local.Sent.Length + local.Delivered.Length)),
        ChannelReport<Payload> channel => channel.Messages.Sum(message => message.Bytes.Length),
        _ => 0,
    };

    [LoggerMessage(1, LogLevel.Information, "{Count} reports of snapshot {Snapshot} were not taken; they will be repeated.")]
    private static partial void LogNotTaken(ILogger logger, int count, SnapshotNumber snapshot, Exception exception);

    private readonly record struct OutboxKey(string Application, SnapshotNumber Snapshot, int Part);

    private sealed class Outbox
    {
        public Queue<(GrainId Process, Report Report)> Waiting { get; } = [];

        /// <summary>What waits or is under way.</summary>
        public HashSet<(GrainId Process, ReportReceipt Report)> Known { get; } = [];

        public bool Running { get; set; }
    }
}
