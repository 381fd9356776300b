using System.Collections.Concurrent;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Carries the reports of all processes of a silo to the parts of the collections, many in one call, and the receipts
/// back. A report that gets no receipt is repeated by its process; one that still waits here, or is under way, is not
/// taken twice.
/// </summary>
/// <remarks>Safe for concurrent use; runs outside the grains' turns.</remarks>
internal sealed class ReportCourier
{
    private const int MaxReportsPerCall = 1024;

    /// <summary>
    /// About the bytes of reports in one call, except for a single report that is larger: they become one row. Calls
    /// follow each other, so few calls make a snapshot short.
    /// </summary>
    private const int MaxBytesPerCall = 4 * 1024 * 1024;

    /// <summary>Reports for one part that wait at most. One more is dropped, and its process repeats it.</summary>
    private const int MaxWaiting = 100_000;

    /// <summary>
    /// How often reports are brought again to a part that is not started yet; with the pauses, about 10 seconds.
    /// </summary>
    private const int MaxAttempts = 17;
    private static readonly Backoff Pauses = new(FirstMs: 5, MaxMs: 1000);

    private readonly IGrainFactory _grains;
    private readonly SnapshotInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly SiloStopping _stopping;
    private readonly CallFailures _failures;
    private readonly Batcher<OutboxKey, (ILocalProcess Process, Report Report)> _batcher;

    /// <summary>What waits or is under way.</summary>
    private readonly ConcurrentDictionary<(GrainId Process, ReportKey Report), bool> _known = new();

    public ReportCourier(
        IGrainFactory grains,
        SnapshotInstruments instruments,
        TimeProvider time,
        SiloStopping stopping,
        CallFailures failures)
    {
        (_grains, _instruments, _time, _stopping, _failures) = (grains, instruments, time, stopping, failures);
        var limits = new BatchLimits(MaxReportsPerCall, MaxWaiting, MaxBytesPerCall);
        _batcher = new(CallAsync, Fail, limits, sizeOf: item => (int)Math.Min(ReportForms.BytesOf(item.Report), int.MaxValue));
    }

    /// <summary>Takes a report over; returns at once.</summary>
    public void Send(string application, ILocalProcess process, Report report)
    {
        if (_stopping.Token.IsCancellationRequested) return; // Its process repeats it.
        var identity = (process.Grain, report.Key);
        if (!_known.TryAdd(identity, true)) return;
        var key = new OutboxKey(application, report.Snapshot, DirectoryKeys.Parts.PartOf(report.Process));
        if (!_batcher.TryAdd(key, (process, report))) _known.TryRemove(identity, out _);
    }

    private async Task CallAsync(OutboxKey key, (ILocalProcess Process, Report Report)[] batch)
    {
        try
        {
            var verdicts = await BringAsync(key, batch).ConfigureAwait(false);
            _instruments.Reports.Add(verdicts.LongCount(verdict => verdict == ReportVerdict.Accepted));
            Confirm(batch, verdicts);
        }
        finally
        {
            foreach (var (process, report) in batch) _known.TryRemove((process.Grain, report.Key), out _);
        }
    }

    /// <summary>One report that cannot be sent fails all that go with it: each kind is named.</summary>
    private void Fail(OutboxKey key, (ILocalProcess Process, Report Report)[] batch, Exception exception)
    {
        foreach (var (process, report) in batch.DistinctBy(item => item.Report.Key.Kind))
            _failures.Note($"report {report.Key.Kind}", $"{process.Grain} for snapshot {key.Snapshot}", exception);
    }

    private async Task<ReportVerdict[]> BringAsync(OutboxKey key, (ILocalProcess Process, Report Report)[] batch)
    {
        var part = _grains.Get<ISnapshotPart>(DirectoryKeys.Part(key.Application, key.Snapshot, key.Part));
        var reports = Array.ConvertAll(batch, item => item.Report.ToWire());
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await part.AcceptAsync(reports).ConfigureAwait(false) is { Length: > 0 } verdicts) return verdicts;
            await Task.Delay(Pauses.Pause(attempt), _time, _stopping.Token).ConfigureAwait(false);
        }

        throw new TimeoutException("the part of the collection is not started");
    }

    private static void Confirm((ILocalProcess Process, Report Report)[] batch, ReportVerdict[] verdicts)
    {
        var accepted = batch.Where((_, index) => verdicts[index] != ReportVerdict.WrongEpoch);
        foreach (var group in accepted.GroupBy(item => item.Process, item => item.Report.Key)) group.Key.Accepted(group.ToHashSet());
    }

    private readonly record struct OutboxKey(string Application, SnapshotNumber Snapshot, int Part);
}
