using System.CommandLine;

namespace Snapshots.Client;

/// <summary><c>snapshot list [--limit N]</c>.</summary>
internal sealed class ListSnapshotsCommand : ClientCommand
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100_000;

    private readonly Option<int?> _limit = Inputs.Option<int?>(
        "--limit", "N", $"At most so many (default {DefaultLimit})", text => Read.Count(1, MaxLimit)(text));

    public ListSnapshotsCommand(CommandContext context)
        : base("list", "List snapshots, newest first.", context) => Add(_limit);

    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectAsync();
        var limit = run.Get(_limit) ?? DefaultLimit;
        var summaries = await bank.CallAsync(_ => bank.Snapshots.ListAsync(limit), run.Interrupted);
        return run.Terminal.ShowList(summaries, SnapshotText.Write, page => SnapshotText.Show(page, summaries));
    }
}
