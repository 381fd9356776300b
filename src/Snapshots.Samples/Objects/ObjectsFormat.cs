namespace Snapshots.Samples;

/// <summary>Writes objects and their messages into the document of a global state.</summary>
public sealed class ObjectsFormat : IDocumentFormat<ObjectState, ObjectMessage>
{
    /// <summary>The one format.</summary>
    public static ObjectsFormat Instance { get; } = new();

    /// <inheritdoc/>
    public void WriteState(Utf8JsonWriter writer, ObjectState state)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(state);
        writer.WriteStartObject();
        writer.WriteBoolean("root", state.Root);
        Ids.Write(writer, "holds", state.Holds);
        Ids.Write(writer, "created", state.Created);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public void WriteMessage(Utf8JsonWriter writer, ObjectMessage message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(message);
        writer.WriteString("type", message.Kind switch
        {
            ObjectMessageKind.Reference => "reference",
            ObjectMessageKind.TellSend => "tellSend",
            _ => "tellDrop",
        });
        writer.WriteString("object", message.Named.Value);
        if (message.Target is { } target) writer.WriteString("target", target.Value);
    }
}
