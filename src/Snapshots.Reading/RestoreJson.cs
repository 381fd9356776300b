namespace Snapshots.Reading;

/// <summary>Writes a restore as JSON, the same in the console and on the page.</summary>
public static class RestoreJson
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

    /// <summary>Writes the members of a restore into an open object.</summary>
    public static void Write(Utf8JsonWriter writer, RestoreView view)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(view);
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
        writer.WriteNumber("processesDamaged", restore.Counts.Damaged);
        writer.WriteNumber("messagesRedelivered", restore.Counts.Redelivered);
        writer.WriteString("startedAt", SnapshotJson.Time(StartOf(restore)));
        if (EndOf(restore) is { } end) writer.WriteString("completedAt", SnapshotJson.Time(end));
        else writer.WriteNull("completedAt");
        writer.WriteStartArray("waitingFor");
        foreach (var each in view.WaitingFor) writer.WriteStringValue(each);
        writer.WriteEndArray();
    }

    /// <summary>Returns when a restore began.</summary>
    public static DateTimeOffset StartOf(RestoreSummary restore)
    {
        ArgumentNullException.ThrowIfNull(restore);
        return DateTimeOffset.FromUnixTimeMilliseconds(restore.StartedAtMs);
    }

    /// <summary>Returns when a restore ended; null until then.</summary>
    public static DateTimeOffset? EndOf(RestoreSummary restore)
    {
        ArgumentNullException.ThrowIfNull(restore);
        return restore.EndedAtMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null;
    }

    private static void Write(Utf8JsonWriter writer, string name, Epoch epoch)
    {
        if (epoch == default) writer.WriteNull(name);
        else writer.WriteNumber(name, epoch.Value);
    }
}
