namespace Snapshots.Client;

/// <summary>Shows restores, as JSON and as text.</summary>
internal static class RestoreText
{
    /// <summary>Returns why a restore is not what was asked for; null if it is completed.</summary>
    public static Failure? FailureOf(RestoreSummary restore) => restore.Status switch
    {
        RestoreStatus.Completed => null,
        RestoreStatus.Aborted =>
            new(ErrorCode.SnapshotAborted, $"restore {restore.Number} was aborted: {Failures.Line(restore.Failure)}"),
        _ => new(
            ErrorCode.Timeout,
            $"restore {restore.Number} is {RestoreJson.NameOf(restore.Status)}; wait for it with: "
                + $"snapshots restore wait {restore.Number}"),
    };

    /// <summary>Shows one restore.</summary>
    public static void Show(Page page, RestoreView view)
    {
        var restore = view.Summary;
        var facts = new List<(string, string)>
        {
            ("restore", restore.Number.ToString()),
            ("snapshot", restore.Source.Value),
            ("status", RestoreJson.NameOf(restore.Status)),
            ("started", SnapshotJson.Time(RestoreJson.StartOf(restore))),
        };
        if (restore.Reason.Length > 0) facts.Add(("reason", restore.Reason));
        if (restore.Failure.Length > 0) facts.Add(("aborted", Failures.Line(restore.Failure)));
        if (restore.Safety != default) facts.Add(("safety snapshot", restore.Safety.Value));
        if (restore.ToEpoch != default) facts.Add(("epoch", $"{restore.FromEpoch} → {restore.ToEpoch}"));
        if (restore.Status == RestoreStatus.Completed)
        {
            var (restored, emptied, redelivered, damaged) = restore.Counts;
            facts.Add(("processes", FormattableString.Invariant($"{restored} restored, {emptied} emptied")));
            const string Again = "restore once more, with --no-safety";
            if (damaged > 0)
                facts.Add(("damaged", FormattableString.Invariant($"{damaged} processes took no part: {Again}")));
            facts.Add(("messages", FormattableString.Invariant($"{redelivered} delivered that were in transit")));
            if (RestoreJson.EndOf(restore) - RestoreJson.StartOf(restore) is { } time)
                facts.Add(("duration", FormattableString.Invariant($"{time.TotalMilliseconds:0} ms")));
        }

        if (view.WaitingFor.Count > 0) facts.Add(("waiting for", string.Join(", ", view.WaitingFor)));
        page.Facts(facts);
    }

    /// <summary>Shows restores as a table.</summary>
    public static void Show(Page page, IEnumerable<RestoreSummary> restores) => page.Table(
        ["#restore", "snapshot", "status", "started", "#epoch", "reason"],
        restores.Select(restore => (IReadOnlyList<string>)
        [
            restore.Number.ToString(),
            restore.Source.Value,
            RestoreJson.NameOf(restore.Status),
            SnapshotJson.Time(RestoreJson.StartOf(restore)),
            restore.ToEpoch == default ? string.Empty : restore.ToEpoch.ToString(),
            restore.Reason,
        ]));
}
