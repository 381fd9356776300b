using System.Buffers;

namespace Snapshots.Page;

/// <summary>Writes answers as JSON.</summary>
internal static class JsonAnswer
{
    /// <summary>Answers with an object.</summary>
    public static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> members) => WriteValueAsync(
        context,
        writer =>
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        });

    /// <summary>Answers with a value.</summary>
    public static Task WriteValueAsync(HttpContext context, Action<Utf8JsonWriter> value) =>
        SendAsync(context, Utf8(value));

    /// <summary>Answers with JSON that is written already.</summary>
    public static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Writes a value.</summary>
    public static ReadOnlyMemory<byte> Utf8(Action<Utf8JsonWriter> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: false))) value(writer);
        return buffer.WrittenMemory;
    }
}
