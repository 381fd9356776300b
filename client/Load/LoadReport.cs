namespace Snapshots.Client;

/// <summary>Shows the result of a load, as JSON and as text.</summary>
internal static class LoadReport
{
    /// <summary>Returns why the load failed; null if it did not.</summary>
    public static Failure? FailureOf(LoadResult result)
    {
        if (result.Failure is not null) return result.Failure;
        if (result.Tally.Unknown + (result.Resumed?.Unknown ?? 0) is > 0 and var unknown)
            return new(ErrorCode.Timeout, $"the outcome of {unknown} transfers is not known{LoadOptions.HowToSettle}");
        var judged = result.Snapshots
            .Where(snapshot => !result.IsRestored || snapshot.Status != SnapshotStatus.Aborted);
        return judged.FirstOrDefault(snapshot => !snapshot.Holds) is { } broken
            ? new(ErrorCode.PropertyViolated, $"the snapshot {broken.Id} does not hold: {broken.Complaint}")
            : null;
    }

    public static void Write(Utf8JsonWriter writer, LoadResult result)
    {
        var tally = result.Tally;
        writer.WriteNumber("accounts", result.Accounts);
        writer.WriteNumber("transfers", tally.Sent);
        writer.WriteNumber("accepted", tally.Accepted);
        writer.WriteNumber("refused", tally.Refused);
        if (result.Returned is { } returned) writer.WriteNumber("returned", returned);
        else writer.WriteNull("returned");
        writer.WriteNumber("unknown", tally.Unknown);
        if (result.IsRestored) writer.WriteBoolean("restored", value: true);
        if (result.Resumed is { } resumed)
        {
            writer.WriteStartObject("resumed");
            writer.WriteNumber("accepted", resumed.Accepted);
            writer.WriteNumber("refused", resumed.Refused);
            writer.WriteNumber("unknown", resumed.Unknown);
            writer.WriteEndObject();
        }

        writer.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 3));
        writer.WriteNumber("transfersPerSecond", Math.Round(PerSecond(result), 1));
        writer.WriteStartObject("latencyMs");
        writer.WriteNumber("p50", Math.Round(tally.Latency.PercentileMs(0.5), 3));
        writer.WriteNumber("p95", Math.Round(tally.Latency.PercentileMs(0.95), 3));
        writer.WriteNumber("p99", Math.Round(tally.Latency.PercentileMs(0.99), 3));
        writer.WriteNumber("max", Math.Round(tally.Latency.MaxMs, 3));
        writer.WriteEndObject();
        writer.WriteStartArray("snapshots");
        foreach (var snapshot in result.Snapshots)
        {
            writer.WriteStartObject();
            Write(writer, snapshot);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the members of a snapshot into an open object.</summary>
    public static void Write(Utf8JsonWriter writer, SnapshotProbeResult snapshot)
    {
        writer.WriteString("id", snapshot.Id.Value);
        writer.WriteString("status", SnapshotJson.NameOf(snapshot.Status));
        writer.WriteNumber("durationMs", Math.Round(snapshot.DurationMs, 3));
        writer.WriteNumber("messagesInTransit", snapshot.MessagesInTransit);
        writer.WriteBoolean("consistent", snapshot.Consistent);
        writer.WriteBoolean("conserved", snapshot.Conserved);
        if (snapshot.Complaint.Length > 0) writer.WriteString("complaint", snapshot.Complaint);
    }

    public static void Show(Page page, LoadResult result)
    {
        var (tally, latency) = (result.Tally, result.Tally.Latency);
        var facts = new List<(string, string)>
        {
            ("accounts", Number(result.Accounts)),
            ("transfers", Counts(tally)),
            ("returned", result.Returned is { } returned ? Number(returned) : "-"),
            ("time", string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Elapsed.TotalSeconds:0.00} s, {PerSecond(result):0} transfers/s")),
            ("latency", string.Join(
                ", ",
                $"p50 {Ms(latency.PercentileMs(0.5))}",
                $"p95 {Ms(latency.PercentileMs(0.95))}",
                $"p99 {Ms(latency.PercentileMs(0.99))}",
                $"max {Ms(latency.MaxMs)}")),
        };
        if (result.Resumed is { } resumed) facts.Insert(1, ("resumed", Counts(resumed)));
        page.Facts([.. facts]);
        if (result.Snapshots.Count == 0) return;
        page.Table(
            ["snapshot", "status", "#ms", "#in transit", "consistent", "conserved"],
            result.Snapshots.Select(snapshot => (IReadOnlyList<string>)
            [
                snapshot.Id.Value,
                SnapshotJson.NameOf(snapshot.Status),
                snapshot.DurationMs.ToString("0.0", CultureInfo.InvariantCulture),
                Number(snapshot.MessagesInTransit),
                snapshot.Consistent ? "yes" : "no",
                snapshot.Conserved ? "yes" : "no",
            ]));
    }

    private static double PerSecond(LoadResult result) =>
        result.Elapsed > TimeSpan.Zero ? result.Tally.Accepted / result.Elapsed.TotalSeconds : 0;

    private static string Counts(TransferTally tally) =>
        FormattableString.Invariant(
            $"{tally.Sent} ({tally.Accepted} accepted, {tally.Refused} refused, {tally.Unknown} unknown)");

    private static string Ms(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The result of a load.</summary>
/// <param name="Accounts">The number of accounts.</param>
/// <param name="Tally">The outcomes of the transfers.</param>
/// <param name="Resumed">The outcomes of the resumed transfers; null if no journal was resumed.</param>
/// <param name="Returned">How many came back; null if that is unknown.</param>
/// <param name="Elapsed">From the first transfer to the end of the last.</param>
/// <param name="Snapshots">The snapshots, in order.</param>
/// <param name="Failure">Why the load ended early; null if it did not.</param>
internal sealed record LoadResult(
    int Accounts,
    TransferTally Tally,
    TransferTally? Resumed,
    long? Returned,
    TimeSpan Elapsed,
    IReadOnlyList<SnapshotProbeResult> Snapshots,
    Failure? Failure)
{
    /// <summary>Whether a restore was noticed; it aborts the snapshots that are open.</summary>
    public bool IsRestored { get; init; }
}
