namespace Snapshots.Client;

/// <summary>Shows restores, as JSON and as text.</summary>
internal static class RestoreText
{
    /// <summary>Returns the name of a status, in JSON and in text.</summary>
    public static string NameOf(RestoreStatus status) => status switch
    {
        RestoreStatus.Preparing => "preparing",
        RestoreStatus.Closing => "closing",
        RestoreStatus.Applying => "applying",
        RestoreStatus.Completed => "completed",
        RestoreStatus.Aborted => "aborted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "no such status"),
    };

    /// <summary>Returns why a restore is not what was asked for; null if it is completed.</summary>
    public static Failure? FailureOf(RestoreSummary restore) => restore.Status switch
    {
        RestoreStatus.Completed => null,
        RestoreStatus.Aborted =>
            new(ErrorCode.SnapshotAborted, $"restore {restore.Number} was aborted: {Failures.Line(restore.Failure)}"),
        _ => new(
            ErrorCode.Timeout,
            $"restore {restore.Number} is {NameOf(restore.Status)}; wait for it with: snapshots restore wait {restore.Number}"),
    };

    /// <summary>Writes the members of a restore into an open object.</summary>
    public static void Write(Utf8JsonWriter writer, RestoreView view)
    {
        var restore = view.Summary;
        writer.WriteNumber("schemaVersion", 1);
        writer.WriteNumber("number", restore.Number.Value);
        writer.WriteString("snapshot", restore.Source.Value);
        writer.WriteString("status", NameOf(restore.Status));
        writer.WriteString("reason", restore.Status == RestoreStatus.Aborted ? restore.Failure : restore.Reason);
        Write(writer, "fromEpoch", restore.FromEpoch);
        Write(writer, "toEpoch", restore.ToEpoch);
        if (restore.Safety == default) writer.WriteNull("safetySnapshot");
        else writer.WriteString("safetySnapshot", restore.Safety.Value);
        writer.WriteNumber("processesRestored", restore.Counts.Restored);
        writer.WriteNumber("processesEmptied", restore.Counts.Emptied);
        writer.WriteNumber("messagesRedelivered", restore.Counts.Redelivered);
        writer.WriteString("startedAt", SnapshotText.Time(StartOf(restore)));
        if (EndOf(restore) is { } end) writer.WriteString("completedAt", SnapshotText.Time(end));
        else writer.WriteNull("completedAt");
        writer.WriteStartArray("waitingFor");
        foreach (var each in view.WaitingFor) writer.WriteStringValue(each);
        writer.WriteEndArray();
    }

    /// <summary>Shows one restore.</summary>
    public static void Show(Page page, RestoreView view)
    {
        var restore = view.Summary;
        var facts = new List<(string, string)>
        {
            ("restore", restore.Number.ToString()),
            ("snapshot", restore.Source.Value),
            ("status", NameOf(restore.Status)),
            ("started", SnapshotText.Time(StartOf(restore))),
        };
        if (restore.Reason.Length > 0) facts.Add(("reason", restore.Reason));
        if (restore.Failure.Length > 0) facts.Add(("aborted", Failures.Line(restore.Failure)));
        if (restore.Safety != default) facts.Add(("safety snapshot", restore.Safety.Value));
        if (restore.ToEpoch != default) facts.Add(("epoch", $"{restore.FromEpoch} → {restore.ToEpoch}"));
        if (restore.Status == RestoreStatus.Completed)
        {
            var (restored, emptied, redelivered) = restore.Counts;
            facts.Add(("processes", FormattableString.Invariant($"{restored} restored, {emptied} emptied")));
            facts.Add(("messages", FormattableString.Invariant($"{redelivered} delivered that were in transit")));
            if (EndOf(restore) - StartOf(restore) is { } time) facts.Add(("duration", FormattableString.Invariant($"{time.TotalMilliseconds:0} ms")));
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
            NameOf(restore.Status),
            SnapshotText.Time(StartOf(restore)),
            restore.ToEpoch == default ? string.Empty : restore.ToEpoch.ToString(),
            restore.Reason,
        ]));

    private static DateTimeOffset StartOf(RestoreSummary restore) => DateTimeOffset.FromUnixTimeMilliseconds(restore.StartedAtMs);

    private static DateTimeOffset? EndOf(RestoreSummary restore) =>
        restore.EndedAtMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null;

    private static void Write(Utf8JsonWriter writer, string name, Epoch epoch)
    {
        if (epoch == default) writer.WriteNull(name);
        else writer.WriteNumber(name, epoch.Value);
    }
}
