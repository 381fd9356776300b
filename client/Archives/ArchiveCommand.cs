namespace Snapshots.Client;

/// <summary><c>snapshot archive ID --file F</c>.</summary>
internal sealed class ArchiveCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();
    private readonly Option<string> _file = Inputs.Option(
        "--file", "FILE", "The file to write; whole or not at all", Read.Path);

    public ArchiveCommand(CommandContext context)
        : base("archive", "Write all that a restore needs of a completed snapshot to one file.", context)
    {
        _file.Required = true;
        Add(_id);
        Add(_file);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var (id, file) = (run.Get(_id), run.Get(_file)!);
        if (file == "-") throw new ClientException(ErrorCode.Usage, "an archive is no text: name a file instead of -");
        await using var connection = await run.ConnectToApplicationAsync();
        var view = await SnapshotFinder.RequireCompletedAsync(connection, id, run.Interrupted);
        var figures = await run.Terminal.WithProgressAsync(
            $"archive {id}", bar => WriteAsync(connection, view, file, bar, run.Interrupted));
        return run.Terminal.ShowObject(
            writer =>
            {
                writer.WriteString("id", id.Value);
                writer.WriteString("file", file);
                writer.WriteNumber("processes", figures.ProcessCount);
                writer.WriteNumber("messagesInTransit", figures.MessagesInTransit);
            },
            page => page.Line($"{id} written to {file}: {figures.ProcessCount} processes, "
                + $"{figures.MessagesInTransit} messages in transit"));
    }

    private static async Task<CertificateFigures> WriteAsync(
        BankConnection connection, SnapshotView view, string file, IProgressBar bar, CancellationToken interrupted)
    {
        CertificateFigures? figures = null;
        await OutputFile.WriteAsync(
            file, async stream => figures = await ArchiveFiles.WriteAsync(connection, view, stream, bar, interrupted));
        return figures!;
    }
}
