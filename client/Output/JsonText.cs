using System.Buffers;
using System.Text;
using System.Text.Json;
using Snapshots.Documents;

namespace Snapshots.Client;

/// <summary>Writes JSON documents: indented as <c>json</c>, on one line as <c>jsonl</c>; a new line at the end.</summary>
internal static class JsonText
{
    /// <summary>Writes one object.</summary>
    public static void WriteObject(TextWriter output, OutputFormat format, Action<Utf8JsonWriter> members) => Write(
        output,
        format,
        writer =>
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        });

    /// <summary>Writes objects: one array as <c>json</c>, one line each as <c>jsonl</c>.</summary>
    public static void WriteList<T>(TextWriter output, OutputFormat format, IEnumerable<T> items, Action<Utf8JsonWriter, T> members)
    {
        if (format == OutputFormat.JsonLines)
        {
            foreach (var item in items) WriteObject(output, format, writer => members(writer, item));
            return;
        }

        Write(output, format, writer =>
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                writer.WriteStartObject();
                members(writer, item);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static void Write(TextWriter output, OutputFormat format, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: format == OutputFormat.Json))) body(writer);
        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }
}
