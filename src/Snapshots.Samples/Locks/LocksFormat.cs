namespace Snapshots.Samples;

/// <summary>Writes workers, locks and their messages into the document of a global state.</summary>
public sealed class LocksFormat : IDocumentFormat<LocksState, LocksMessage>
{
    /// <summary>The one format.</summary>
    public static LocksFormat Instance { get; } = new();

    /// <summary>Reads a state out of a document.</summary>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="ArgumentException">A name is not an <see cref="Identifier"/>.</exception>
    public static LocksState ReadState(JsonElement state)
    {
        if (!state.TryGetProperty("queue", out _))
            return new WorkerState(
                Ids.Read(state, "holds"), Ids.Read(state, "waitsFor"), state.GetProperty("any").GetBoolean());
        var holder = state.GetProperty("holder").GetString();
        return new LockState(holder is null ? null : new ProcessId(holder), Ids.Read(state, "queue"));
    }

    /// <summary>Reads a message out of a document.</summary>
    /// <exception cref="KeyNotFoundException">Its type is missing.</exception>
    /// <exception cref="FormatException">Its type is unknown.</exception>
    public static LocksMessage ReadMessage(JsonElement message) => new(message.GetProperty("type").GetString() switch
    {
        "request" => LocksMessageKind.Request,
        "grant" => LocksMessageKind.Grant,
        "release" => LocksMessageKind.Release,
        var type => throw new FormatException($"the type {type} is unknown"),
    });

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
