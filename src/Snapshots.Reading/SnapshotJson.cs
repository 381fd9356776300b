namespace Snapshots.Reading;

/// <summary>Writes a snapshot in a line as JSON, the same in the console and on the page.</summary>
public static class SnapshotJson
{
    /// <summary>Returns the name of a status, in JSON and in text.</summary>
    public static string NameOf(SnapshotStatus status) => status switch
    {
        SnapshotStatus.Running => "running",
        SnapshotStatus.Completed => "completed",
        SnapshotStatus.Aborted => "aborted",
        SnapshotStatus.Importing => "importing",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "no such status"),
    };

    /// <summary>Returns the name of what asked for a snapshot.</summary>
    public static string NameOf(SnapshotOrigin origin) => origin switch
    {
        SnapshotOrigin.User => "user",
        SnapshotOrigin.Schedule => "schedule",
        SnapshotOrigin.Safety => "safety",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "no such origin"),
    };

    /// <summary>Writes the members of a summary into an open object.</summary>
    public static void Write(Utf8JsonWriter writer, SnapshotSummary summary)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(summary);
        writer.WriteString("id", summary.Id.Value);
        writer.WriteString("status", NameOf(summary.Status));
        writer.WriteNumber("epoch", summary.Epoch.Value);
        writer.WriteString("initiator", summary.Initiator.Value);
        writer.WriteString("startedAt", Time(summary.StartedAt));
        if (summary.EndedAt is { } end) writer.WriteString("completedAt", Time(end));
        else writer.WriteNull("completedAt");
        writer.WriteNumber("processes", summary.Processes);
        writer.WriteNumber("channels", summary.Channels);
        writer.WriteNumber("messagesInTransit", summary.MessagesInTransit);
        writer.WriteString("origin", NameOf(summary.Origin));
        writer.WriteBoolean("pinned", summary.Pinned);
        writer.WriteNumber("bytes", summary.Bytes);
        if (summary.Reason.Length > 0) writer.WriteString("reason", summary.Reason);
    }

    /// <summary>Returns a time as JSON and tables show it.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
