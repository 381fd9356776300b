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
        var (from, to) = (snapshots[0], snapshots[1]);
        if (from.Application != to.Application)
        {
            var names = $"{from.Application ?? BankApplication.Name} and {to.Application ?? BankApplication.Name}";
            throw new ClientException(ErrorCode.InvalidInput, $"the snapshots are of two applications: {names}");
        }

        var difference = SnapshotDifference.Of(from, to);
        var totals = TotalsOf(from, to);
        return run.Terminal.ShowObject(
            writer => Write(writer, difference, totals), page => Show(page, difference, totals));
    }

    private static List<(string Name, Int128 From, Int128 To)> TotalsOf(RenderedSnapshot from, RenderedSnapshot to)
    {
        List<(string Name, Int128 From, Int128 To)> totals =
        [
            ("processes", from.State.Processes.Length, to.State.Processes.Length),
            ("channels", from.State.Channels.Length, to.State.Channels.Length),
            ("messagesInTransit", CountOf(from), CountOf(to)),
        ];
        if (from.Money() is { } before && to.Money() is { } after)
        {
            totals.Add(("balance", before.Balance, after.Balance));
            totals.Add(("inTransit", before.InTransit, after.InTransit));
            totals.Add(("deposited", before.Deposited, after.Deposited));
            totals.Add(("withdrawn", before.Withdrawn, after.Withdrawn));
        }

        return totals;
    }

    private static long CountOf(RenderedSnapshot snapshot) =>
        snapshot.State.Channels.Sum(channel => (long)channel.Messages.Length);

    private static void Write(
        Utf8JsonWriter writer, SnapshotDifference difference, List<(string Name, Int128 From, Int128 To)> totals)
    {
        WriteIds(writer, "added", difference.Added);
        WriteIds(writer, "removed", difference.Removed);
        writer.WriteStartArray("changed");
        foreach (var change in difference.Changed)
        {
            writer.WriteStartObject();
            writer.WriteString("id", change.Id.Value);
            writer.WriteString("field", change.Field);
            WriteValue(writer, "from", change.From);
            WriteValue(writer, "to", change.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("messages");
        writer.WriteNumber("appeared", difference.Appeared);
        writer.WriteNumber("gone", difference.Gone);
        writer.WriteEndObject();
        writer.WriteStartObject("totals");
        foreach (var (name, from, to) in totals)
        {
            writer.WriteStartObject(name);
            writer.WritePropertyName("from");
            writer.WriteRawValue(from.ToString(CultureInfo.InvariantCulture));
            writer.WritePropertyName("to");
            writer.WriteRawValue(to.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<ProcessId> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids) writer.WriteStringValue(id.Value);
        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, JsonElement? value)
    {
        writer.WritePropertyName(name);
        if (value is { } element) element.WriteTo(writer);
        else writer.WriteNullValue();
    }

    private static void Show(
        Page page, SnapshotDifference difference, List<(string Name, Int128 From, Int128 To)> totals)
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
            totals.Select(total => (IReadOnlyList<string>)[total.Name, Text(total.From), Text(total.To)]));
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
