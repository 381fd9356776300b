using System.Text.Json;

namespace Snapshots.Client;

/// <summary>Why a command failed.</summary>
/// <param name="Code">Which kind of failure.</param>
/// <param name="Message">One line for a person.</param>
internal sealed record Failure(ErrorCode Code, string Message)
{
    /// <summary>Members of the JSON document beside <c>error</c>, if there is more to tell; written into an open object.</summary>
    public Action<Utf8JsonWriter>? Details { get; init; }

    /// <summary>Writes <c>"error":{"code","message"}</c> into an open object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("error");
        writer.WriteString("code", Code.Name);
        writer.WriteString("message", Message);
        writer.WriteEndObject();
    }
}
