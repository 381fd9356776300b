namespace Snapshots.Client;

/// <summary><c>snapshot diff SOURCE SOURCE</c>.</summary>
internal sealed class DiffCommand : ClientCommand
{
    /// <summary>Lines of one kind in a table; JSON has all.</summary>
    private const int MaxLines = 1000;

    private readonly Argument<SnapshotSource> _from =
        Inputs.Argument("FROM", "The earlier snapshot: an id, or a file", SnapshotSource.Compared);

    private readonly Argument<SnapshotSource> _to =
        Inputs.Argument("TO", "The later snapshot: an id, or a file", SnapshotSource.Compared);

    public DiffCommand(CommandContext context)
        : base("diff", "Show what differs between two snapshots.", context)
    {
        Add(_from);
        Add(_to);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var snapshots = await SnapshotSource.ReadAsync(run, run.Get(_from), run.Get(_to));
        var difference = SnapshotDifference.Of(snapshots[0], snapshots[1]);
        return run.Terminal.ShowObject(difference.Write, page => Show(page, difference));
    }

    private static void Show(Page page, SnapshotDifference difference)
    {
        ShowIds(page, "added", difference.Added);
        ShowIds(page, "removed", difference.Removed);
        if (difference.Changed.Length > 0)
        {
            page.Table(
                ["process", "field", "from", "to"],
                difference.Changed.Take(MaxLines).Select(change => (IReadOnlyList<string>)
                    [change.Id.Value, Cell.Visible(change.Field), Text(change.From), Text(change.To)]));
            ShowRest(page, difference.Changed.Length);
        }

        page.Table(
            ["total", "#from", "#to"],
            difference.Totals.Select(total => (IReadOnlyList<string>)[total.Name, Text(total.From), Text(total.To)]));
        page.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{difference.Added.Length} processes added, {difference.Removed.Length} removed, "
                + $"{difference.Changed.Length} fields changed; "
                + $"{difference.Appeared} messages appeared, {difference.Gone} went"));
    }

    private static void ShowIds(Page page, string name, IReadOnlyList<ProcessId> ids)
    {
        foreach (var id in ids.Take(MaxLines)) page.Line($"{name} {id}");
        ShowRest(page, ids.Count);
    }

    private static void ShowRest(Page page, int count)
    {
        if (count > MaxLines)
            page.Line(string.Create(CultureInfo.InvariantCulture, $"and {count - MaxLines} more; -o json prints all"));
    }

    private static string Text(JsonElement? value) => value is { } element ? Cell.Visible(element.GetRawText()) : "-";

    private static string Text(Int128 value) => value.ToString(CultureInfo.InvariantCulture);
}
