using System.Diagnostics;

namespace Snapshots.Client;

/// <summary>
/// Takes a snapshot each period and checks it, until a finding. A snapshot without a finding is deleted when the next
/// one was checked, so that a watch for a year stores one.
/// </summary>
internal sealed class CheckWatch(CommandRun run, BankConnection connection, string[] names)
{
    private CheckReport? _last;

    /// <summary>Watches for that long; returns the exit code.</summary>
    /// <exception cref="ClientException">No snapshot completed.</exception>
    public async Task<int> RunAsync(TimeSpan period, TimeSpan limit)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            var roundAt = Stopwatch.GetTimestamp();
            if (await CheckNextAsync() is { } report && await TakeAsync(report))
                return ErrorCode.PropertyViolated.ExitCode;
            var pause = period - Stopwatch.GetElapsedTime(roundAt);
            var left = limit - Stopwatch.GetElapsedTime(startedAt);
            if (left <= TimeSpan.Zero || left < pause) break;
            if (pause > TimeSpan.Zero) await Task.Delay(pause, run.Interrupted);
        }

        if (_last is null)
            throw new ClientException(ErrorCode.SnapshotAborted, "no snapshot completed, so nothing was checked");
        if (run.Terminal.Format == OutputFormat.Json) CheckReport.Show(run, _last);
        return 0;
    }

    /// <summary>Shows a report, and deletes the snapshot before it; returns whether there is a finding.</summary>
    private async Task<bool> TakeAsync(CheckReport report)
    {
        if (_last is { Snapshot: var before }) await DeleteAsync(before);
        _last = report;
        if (report.HasFinding || run.Terminal.Format != OutputFormat.Json) CheckReport.Show(run, report);
        return report.HasFinding;
    }

    /// <summary>Takes and checks one snapshot; null if it was aborted or took too long, which is said.</summary>
    private async Task<CheckReport?> CheckNextAsync()
    {
        var id = NewSnapshotId.Create("check", run.Time);
        var request = new SnapshotRequest(id, Initiator: default, run.Timeout);
        await connection.CallAsync(_ => connection.Snapshots.BeginAsync(request), run.Interrupted);
        try
        {
            var view = await connection.CallAsync(
                token => connection.Snapshots.WaitAsync(id, progress: null, token), run.Interrupted);
            if (SnapshotFailures.Of(view) is null)
                return await CheckReport.ReadAsync(connection, view, names, run.Interrupted);
            run.Terminal.Say($"{id}: {Failures.Line(view.Summary.Reason)}");
        }
        catch (ClientException exception) when (exception.Code == ErrorCode.Timeout)
        {
            run.Terminal.Say($"{id}: {exception.Message}");
        }

        return null;
    }

    private async Task DeleteAsync(SnapshotId id)
    {
        try
        {
            await connection.CallAsync(_ => connection.Snapshots.DeleteAsync(id), run.Interrupted);
        }
        catch (Exception exception) when (exception is ClientException or KeyNotFoundException or TimeoutException)
        {
            run.Terminal.Say($"{id} could not be deleted: {Failures.Line(exception.Message)}");
        }
    }
}
