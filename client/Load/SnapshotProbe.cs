using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>Takes a snapshot while transfers run, reads it back and proves it. What goes wrong with the connection is tried again.</summary>
internal static class SnapshotProbe
{
    private static readonly TimeSpan SnapshotTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes a snapshot; one that cannot be followed to its end is told of as running.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, the snapshot of that id can be asked for again.")]
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
                {
                    return new(id, SnapshotStatus.Running, 0, Figures: null, Failures.Of(exception, abandon).Message);
                }

                await Task.Delay(Pause, abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task<SnapshotProbeResult> TryTakeAsync(BankConnection bank, SnapshotRequest request, CancellationToken abandon)
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

    /// <summary>Begins the snapshot and waits for its end, for as long as one try may take: the next one goes on with the same snapshot.</summary>
    private static async Task<SnapshotView> WaitAsync(BankConnection bank, SnapshotRequest request, CancellationToken abandon)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        limit.CancelAfter(bank.TryTimeout);
        await bank.CallAsync(_ => bank.Snapshots.BeginAsync(request), limit.Token);
        return await bank.CallAsync(token => bank.Snapshots.WaitAsync(request.Id, progress: null, token), limit.Token);
    }
}
