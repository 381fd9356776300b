namespace Snapshots.Samples;

/// <summary>Writes workers, locks and their messages into the document of a global state.</summary>
public sealed class LocksFormat : IDocumentFormat<LocksState, LocksMessage>
{
    /// <summary>The one format.</summary>
    public static LocksFormat Instance { get; } = new();

    /// <inheritdoc/>
    public void WriteState(Utf8JsonWriter writer, LocksState state)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        if (state is WorkerState worker)
        {
            Ids.Write(writer, "holds", worker.Holds);
            Ids.Write(writer, "waitsFor", worker.WaitsFor);
            writer.WriteBoolean("any", worker.Any);
        }
        else if (state is LockState held)
        {
            writer.WriteString("holder", held.Holder?.Value);
            Ids.Write(writer, "queue", held.Queue);
        }

        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public void WriteMessage(Utf8JsonWriter writer, LocksMessage message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(message);
        writer.WriteString("type", message.Kind switch
        {
            LocksMessageKind.Request => "request",
            LocksMessageKind.Grant => "grant",
            _ => "release",
        });
    }
}
