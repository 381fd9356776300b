using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary>Takes snapshots, one after another, while transfers run.</summary>
/// <param name="bank">The bank.</param>
/// <param name="run">A prefix of ids that is unique to this run.</param>
/// <param name="initiator">The process that records first.</param>
/// <param name="period">The time between two beginnings, unless a snapshot takes longer.</param>
internal sealed class SnapshotSeries(BankConnection bank, string run, ProcessId initiator, TimeSpan period)
{
    private readonly List<SnapshotProbeResult> _taken = [];

    /// <summary>The snapshots; read it after the series has ended.</summary>
    public IReadOnlyList<SnapshotProbeResult> Taken => _taken;

    /// <summary>What the series does, for a progress line: the snapshot that runs, or how many were taken.</summary>
    public string State { get; private set; } = string.Empty;

    /// <summary>
    /// Takes the first snapshot when transfers have begun, so that each run has one, and the last before they end.
    /// </summary>
    public async Task RunAsync(Task underWay, CancellationToken ended, CancellationToken abandon)
    {
        await underWay;
        do
        {
            var startedAt = Stopwatch.GetTimestamp();
            var id = new SnapshotId(string.Create(CultureInfo.InvariantCulture, $"{run}-{_taken.Count + 1}"));
            State = string.Create(CultureInfo.InvariantCulture, $", snapshot {_taken.Count + 1} runs");
            _taken.Add(await SnapshotProbe.TakeAsync(bank, id, initiator, abandon));
            State = string.Create(CultureInfo.InvariantCulture, $", {_taken.Count} snapshots taken");
            var left = period - Stopwatch.GetElapsedTime(startedAt);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!ended.IsCancellationRequested && !abandon.IsCancellationRequested);
    }
}

/// <summary>Takes a snapshot while transfers run, reads it back and proves it. Lost calls are repeated.</summary>
internal static class SnapshotProbe
{
    private static readonly TimeSpan SnapshotTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes a snapshot. Without an answer in time, its status is running.</summary>
    [SuppressMessage(
        "Design", "CA1031", Justification = "Whatever failed, the snapshot of that id can be asked for again.")]
    public static async Task<SnapshotProbeResult> TakeAsync(
        BankConnection bank, SnapshotId id, ProcessId initiator, CancellationToken abandon)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await TryTakeAsync(bank, new SnapshotRequest(id, initiator, SnapshotTimeout), abandon);
            }
            catch (ClientException exception) when (exception.Code == ErrorCode.PropertyViolated)
            {
                return new(id, SnapshotStatus.Completed, 0, Figures: null, exception.Message);
            }
            catch (Exception exception)
            {
                var isTooLate = Stopwatch.GetElapsedTime(startedAt) > SnapshotTimeout + bank.Timeout;
                if (isTooLate || abandon.IsCancellationRequested)
                    return new(id, SnapshotStatus.Running, 0, Figures: null, Failures.Of(exception, abandon).Message);

                await Task.Delay(Pause, abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task<SnapshotProbeResult> TryTakeAsync(
        BankConnection bank, SnapshotRequest request, CancellationToken abandon)
    {
        var view = await WaitAsync(bank, request, abandon);
        var document = await SnapshotDocuments.ReadAsync(bank, view, abandon);
        var complaint = SnapshotFailures.Of(view) ?? SnapshotFailures.Of(document);
        return new(
            request.Id,
            view.Summary.Status,
            SnapshotText.DurationMs(view.Summary) ?? 0,
            document.Certificate,
            complaint?.Message ?? string.Empty);
    }

    /// <summary>
    /// Begins the snapshot and waits for its end, within the time of one try. The next try continues the same snapshot.
    /// </summary>
    private static async Task<SnapshotView> WaitAsync(
        BankConnection bank, SnapshotRequest request, CancellationToken abandon)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        limit.CancelAfter(bank.TryTimeout);
        await bank.CallAsync(_ => bank.Snapshots.BeginAsync(request), limit.Token);
        return await bank.CallAsync(token => bank.Snapshots.WaitAsync(request.Id, progress: null, token), limit.Token);
    }
}

/// <summary>A snapshot that was taken while transfers ran.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Status">Its last known status.</param>
/// <param name="DurationMs">From its beginning to its end, by the cluster's clocks; 0 while it runs.</param>
/// <param name="Figures">The figures of its certificate; null unless it has completed.</param>
/// <param name="Complaint">What is wrong; empty if it holds.</param>
internal sealed record SnapshotProbeResult(
    SnapshotId Id, SnapshotStatus Status, double DurationMs, CertificateFigures? Figures, string Complaint)
{
    public long MessagesInTransit => Figures?.MessagesInTransit ?? 0;

    public bool Consistent => Figures is { Consistent: true };

    public bool Conserved => Figures is { Conserved: true };

    /// <summary>Whether it is consistent and conserves money.</summary>
    public bool Holds => Consistent && Conserved;
}
