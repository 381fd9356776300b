namespace Snapshots.Client;

/// <summary>Waits for the end of a snapshot and shows it.</summary>
internal static class SnapshotWaiter
{
    /// <summary>
    /// Waits, for at most the timeout, and shows the document. Returns the exit code: 4 if the snapshot is still
    /// running, 5 if it was aborted, 6 if it violates a property.
    /// </summary>
    /// <exception cref="ClientException">Ctrl-C was pressed; the snapshot goes on.</exception>
    public static Task<int> WaitAndShowAsync(
        CommandRun run, BankConnection bank, SnapshotId id, bool isSummary = false) =>
        TellOfInterruptionAsync(run, id, "goes on", async () =>
        {
            var view = await run.Terminal.WithProgressAsync($"snapshot {id}", bar => WaitAsync(run, bank, id, bar));
            return await ShowAsync(run, bank, view, SnapshotFailures.Of(view), isSummary);
        });

    /// <summary>
    /// Runs a step of a command on one snapshot; when Ctrl-C ends it, says what becomes of the snapshot and how to
    /// come back to it.
    /// </summary>
    /// <exception cref="ClientException">Ctrl-C was pressed.</exception>
    public static async Task<int> TellOfInterruptionAsync(
        CommandRun run, SnapshotId id, string fate, Func<Task<int>> step)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException exception) when (run.Interrupted.IsCancellationRequested)
        {
            var message = $"interrupted; the snapshot {id} {fate}; wait for it with: snapshots snapshot wait {id}";
            var failure = new Failure(ErrorCode.Interrupted, message)
            {
                Details = writer => writer.WriteString("id", id.Value),
            };
            throw new ClientException(failure, exception);
        }
    }

    /// <summary>Shows a snapshot as it is; returns the exit code.</summary>
    public static async Task<int> ShowAsync(
        CommandRun run, BankConnection bank, SnapshotView view, Failure? failure, bool isSummary = false)
    {
        var document = await SnapshotDocuments.ReadAsync(bank, view, run.Interrupted);

        // The digest would not cover a further member, so the document of a completed snapshot is shown unchanged.
        if (SnapshotFailures.Of(document) is not { } violation)
        {
            return run.Terminal.ShowObject(
                writer => StoredDocuments.WriteMembers(writer, document, isSummary),
                page => SnapshotText.Show(page, view, document),
                failure);
        }

        run.Terminal.ShowObject(
            writer => StoredDocuments.WriteMembers(writer, document, isSummary),
            page => SnapshotText.Show(page, view, document));
        run.Terminal.Say($"error: {violation.Message}");
        return violation.Code.ExitCode;
    }

    private static async Task<SnapshotView> WaitAsync(
        CommandRun run, BankConnection bank, SnapshotId id, IProgressBar bar)
    {
        try
        {
            return await bank.CallAsync(
                token => bank.Snapshots.WaitAsync(id, view => Report(bar, view), token), run.Interrupted);
        }
        catch (ClientException exception) when (exception.Code == ErrorCode.Timeout)
        {
            return await SnapshotFinder.RequireAsync(bank, id, run.Interrupted); // Its state at the end of the wait.
        }
    }

    private static void Report(IProgressBar bar, SnapshotView view)
    {
        var progress = view.Progress;
        bar.Report(
            progress.ProcessesRecorded + progress.ChannelsClosed,
            progress.ProcessesExpected + progress.ChannelsExpected,
            $"snapshot {view.Summary.Id}: {progress.ProcessesRecorded} of {progress.ProcessesExpected} processes "
                + "recorded");
    }
}
