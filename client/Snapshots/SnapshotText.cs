namespace Snapshots.Client;

/// <summary>Shows snapshots, as JSON and as text.</summary>
internal static class SnapshotText
{
    private static readonly (string Name, string Value)[] NoFacts = [];

    /// <summary>Returns the duration in milliseconds; null while the snapshot runs.</summary>
    public static double? DurationMs(SnapshotSummary summary) =>
        (summary.EndedAt - summary.StartedAt)?.TotalMilliseconds;

    /// <summary>Shows snapshots as a table.</summary>
    public static void Show(Page page, IEnumerable<SnapshotSummary> summaries) => page.Table(
        ["snapshot", "status", "started", "#ms", "#processes", "#channels", "#in transit", "origin", "pinned"],
        summaries.Select(summary => (IReadOnlyList<string>)
        [
            summary.Id.Value,
            SnapshotJson.NameOf(summary.Status),
            SnapshotJson.Time(summary.StartedAt),
            Duration(summary),
            Number(summary.Processes),
            Number(summary.Channels),
            Number(summary.MessagesInTransit),
            SnapshotJson.NameOf(summary.Origin),
            summary.Pinned ? "yes" : "no",
        ]));

    /// <summary>Shows one snapshot with its certificate, or with what it waits for.</summary>
    public static void Show(Page page, SnapshotView view, SnapshotDocument document)
    {
        var summary = view.Summary;
        page.Facts(
        [
            ("snapshot", summary.Id.Value),
            ("status", SnapshotJson.NameOf(summary.Status)),
            ("started", SnapshotJson.Time(summary.StartedAt)),
            ("duration", $"{Duration(summary)} ms"),
            .. document.Certificate is { } certificate ? Facts(certificate) : Facts(view),
        ]);
    }

    /// <summary>Returns balances + in transit = deposits − withdrawals, in numbers.</summary>
    public static string Equation(MoneyTotals money)
    {
        var sign = money.Conserved ? "=" : "≠";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{money.Balance} in accounts + {money.InTransit} in transit "
                + $"{sign} {money.Deposited} deposited − {money.Withdrawn} withdrawn");
    }

    private static IEnumerable<(string Name, string Value)> Facts(CertificateFigures figures) =>
    [
        ("processes", Number(figures.ProcessCount)),
        ("channels", Number(figures.ChannelCount)),
        ("messages in transit", Number(figures.MessagesInTransit)),
        .. figures.Money is { } money ? [("money", Equation(money))] : NoFacts,
        ("certificate", figures.Consistent ? "consistent" : $"violated: {string.Join("; ", figures.Violations)}"),
        .. figures.Money is { } totals ? [("conserved", totals.Conserved ? "yes" : "no")] : NoFacts,
    ];

    private static IEnumerable<(string Name, string Value)> Facts(SnapshotView view) =>
    [
        ("processes recorded", $"{view.Progress.ProcessesRecorded} of {view.Progress.ProcessesExpected}"),
        ("channels closed", $"{view.Progress.ChannelsClosed} of {view.Progress.ChannelsExpected}"),
        ("waiting for", WaitingFor(view.Progress)),
        ("reason", view.Summary.Reason.Length > 0 ? view.Summary.Reason : "-"),
    ];

    private static string WaitingFor(CollectionProgress progress)
    {
        if (progress.WaitingFor.IsEmpty) return "-";
        var missing = progress.ProcessesExpected - progress.ProcessesRecorded;
        var all = missing > 0 ? missing : progress.ChannelsExpected - progress.ChannelsClosed;
        var more = all - progress.WaitingFor.Length;
        var names = string.Join(", ", progress.WaitingFor);
        return more > 0 ? string.Create(CultureInfo.InvariantCulture, $"{names} and {more:N0} more") : names;
    }

    private static string Duration(SnapshotSummary summary) =>
        DurationMs(summary) is { } durationMs ? durationMs.ToString("0.0", CultureInfo.InvariantCulture) : "-";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Parses the ids of snapshots.</summary>
internal static class SnapshotIds
{
    /// <summary>The argument <c>ID</c>.</summary>
    public static Argument<SnapshotId> Argument() => Inputs.Argument("ID", "The snapshot", Read.Snapshot);

    /// <summary>The option <c>--summary</c>.</summary>
    public static Option<bool> Summary() =>
        Inputs.Flag("--summary", "With -o json: leave out the processes and the channels");
}
