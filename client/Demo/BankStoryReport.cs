namespace Snapshots.Client;

/// <summary>Shows the story of the bank, as JSON and as text.</summary>
internal static class BankStoryReport
{
    public static void Write(Utf8JsonWriter writer, BankStoryResult story)
    {
        writer.WriteStartObject();
        writer.WriteNumber("accounts", story.Accounts);
        writer.WriteNumber("transfers", story.Transfers);
        writer.WriteStartArray("snapshots");
        foreach (var moment in story.Moments)
        {
            writer.WriteStartObject();
            LoadReport.Write(writer, moment.Snapshot);
            writer.WriteNumber("moneyInTransit", (long)(moment.Snapshot.Figures?.Money?.InTransit ?? 0));
            writer.WriteNumber("naiveTotal", (long)moment.NaiveTotal);
            writer.WriteNumber("trueTotal", (long)moment.TrueTotal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Open(Page page, int accounts, long total)
    {
        page.Heading(
            $"2. The bank: two branches and many more, {accounts} accounts with {total} in all; money moves at random");
        page.Line();
    }

    public static void Show(Page page, BankMoment moment)
    {
        var snapshot = moment.Snapshot;
        if (snapshot.Figures is not { } figures)
        {
            page.Line($"   {snapshot.Id}: {SnapshotJson.NameOf(snapshot.Status)}, {snapshot.Complaint}");
            return;
        }

        var difference = moment.NaiveTotal - moment.TrueTotal;
        page.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"   {snapshot.Id}: {figures.ProcessCount} accounts, {figures.ChannelCount} channels, "
                + $"{figures.MessagesInTransit} messages in transit, {snapshot.DurationMs:0} ms"));
        page.Line($"     {SnapshotText.Equation(figures.Money!)}");
        var (certificate, money) = (figures.Consistent ? "consistent" : "VIOLATED", figures.Conserved ? "" : "NOT ");
        page.Line($"     certificate {certificate}, money {money}conserved");
        page.Line($"     a naive read at that moment: {moment.NaiveTotal}, {Describe(difference)}");
    }

    public static void Conclude(Page page, BankStoryResult story)
    {
        var wrong = story.Moments.Count(moment => moment.NaiveTotal != moment.TrueTotal);
        page.Line();
        page.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{story.Transfers} transfers in {story.Elapsed.TotalSeconds:0.0} s, without a stop. "
                + $"The naive read was wrong {wrong} of {story.Moments.Count} times; "
                + $"every snapshot added up: {story.Moments.Count(moment => moment.Holds)} of {story.Moments.Count}."));
    }

    private static string Describe(Int128 difference)
    {
        if (difference == 0) return "right this time";
        return difference < 0 ? $"{-difference} too little" : $"{difference} too much";
    }
}
