namespace Snapshots.Samples;

/// <summary>Writes objects and their messages into the document of a global state.</summary>
public sealed class ObjectsFormat : IDocumentFormat<ObjectState, ObjectMessage>
{
    /// <summary>The one format.</summary>
    public static ObjectsFormat Instance { get; } = new();

    /// <summary>Reads a state out of a document.</summary>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="ArgumentException">A name is not an <see cref="Identifier"/>.</exception>
    public static ObjectState ReadState(JsonElement state) => new(
        state.GetProperty("root").GetBoolean(), Ids.Read(state, "holds"), Ids.Read(state, "created"));

    /// <summary>Reads a message out of a document.</summary>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="FormatException">Its type is unknown.</exception>
    /// <exception cref="ArgumentException">A name is not an <see cref="Identifier"/>.</exception>
    public static ObjectMessage ReadMessage(JsonElement message)
    {
        var named = new ProcessId(message.GetProperty("object").GetString()!);
        return message.GetProperty("type").GetString() switch
        {
            "reference" => new(ObjectMessageKind.Reference, named),
            "tellDrop" => new(ObjectMessageKind.TellDrop, named),
            "tellSend" => new(
                ObjectMessageKind.TellSend, named, new ProcessId(message.GetProperty("target").GetString()!)),
            var type => throw new FormatException($"the type {type} is unknown"),
        };
    }

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
