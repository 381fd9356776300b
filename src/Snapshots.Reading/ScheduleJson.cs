namespace Snapshots.Reading;

/// <summary>Writes a schedule as JSON, the same in the console and on the page.</summary>
public static class ScheduleJson
{
    /// <summary>Writes the members of a schedule into an open object; null is no schedule.</summary>
    public static void Write(Utf8JsonWriter writer, ScheduleView? view)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumber("schemaVersion", 1);
        Write(writer, "every", view?.Schedule.Every.TotalSeconds);
        Write(writer, "keepLast", view?.Schedule.KeepLast);
        Write(writer, "keepFor", view?.Schedule.KeepFor?.TotalSeconds);
        writer.WriteString("nextAt", view is null ? null : SnapshotJson.Time(view.NextAt));
    }

    private static void Write(Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } value) writer.WriteNumber(name, value);
        else writer.WriteNull(name);
    }
}
