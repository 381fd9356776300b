using System.CommandLine;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary><c>snapshot export ID --file F</c>.</summary>
internal sealed class ExportCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();
    private readonly Option<string> _file = Inputs.Option("--file", "FILE", "Where to write it; whole or not at all", Read.Path);

    public ExportCommand(CommandContext context)
        : base("export", "Write a completed snapshot to a file that proves itself.", context)
    {
        _file.Required = true;
        Add(_id);
        Add(_file);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var (id, file) = (run.Get(_id), run.Get(_file)!);
        await using var bank = await run.ConnectAsync();
        var view = await SnapshotFinder.RequireCompletedAsync(bank, id, run.Interrupted);
        var document = await SnapshotDocuments.ReadAsync(bank, view, run.Interrupted);
        await WholeFile.WriteAsync(file, document.ToUtf8(indented: true), run.Interrupted);
        return run.Terminal.ShowObject(
            writer =>
            {
                writer.WriteString("id", id.Value);
                writer.WriteString("file", file);
            },
            page => page.Line($"{id} written to {file}"),
            SnapshotFailures.Of(document));
    }
}
