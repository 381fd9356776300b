using System.Buffers;
using System.Text;

namespace Snapshots.Client;

/// <summary>The format of the data on stdout.</summary>
internal enum OutputFormat
{
    /// <summary>Text and tables for people.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One JSON value a line: one for each item of a list.</summary>
    JsonLines,

    /// <summary>Comma-separated values; for the rows of a query alone.</summary>
    Csv,
}

/// <summary>The names of the output formats.</summary>
internal static class OutputFormats
{
    /// <summary>The names, as the option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["table", "json", "jsonl"];

    /// <summary>The name of the format that only the rows of a query have.</summary>
    public const string Csv = "csv";

    /// <summary>Returns the format of that name.</summary>
    /// <exception cref="InputException">The name is unknown.</exception>
    public static OutputFormat Read(string name) => name switch
    {
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        "jsonl" => OutputFormat.JsonLines,
        Csv => OutputFormat.Csv,
        _ => throw new InputException($"'{name}' is not one of {string.Join(", ", Names)}"),
    };

    /// <summary>
    /// Returns the format that the arguments ask for, even when they do not parse: a usage error is then reported as
    /// JSON.
    /// </summary>
    public static OutputFormat InArguments(IReadOnlyList<string> args)
    {
        var format = OutputFormat.Table;
        for (var index = 0; index < args.Count; index++)
        {
            var next = index + 1 < args.Count ? args[index + 1] : string.Empty;
            var name = args[index] switch
            {
                "--" => null,
                "-o" or "--output" => next,
                var arg when arg.StartsWith("--output=", StringComparison.Ordinal)
                    || arg.StartsWith("--output:", StringComparison.Ordinal) => arg["--output=".Length..],
                var arg when arg.StartsWith("-o", StringComparison.Ordinal) => arg[2..].TrimStart('=', ':'),
                _ => string.Empty,
            };
            if (name is null) return format;
            if (name is "json" or "jsonl") format = Read(name);
        }

        return format;
    }
}

/// <summary>
/// Writes JSON documents: indented as <c>json</c>, on one line as <c>jsonl</c>; a new line at the end.
/// </summary>
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
    public static void WriteList<T>(
        TextWriter output, OutputFormat format, IEnumerable<T> items, Action<Utf8JsonWriter, T> members)
    {
        if (format == OutputFormat.JsonLines)
        {
            foreach (var item in items) WriteObject(output, format, writer => members(writer, item));
            return;
        }

        Write(output, format, writer => JsonObjects.WriteArray(writer, items, members));
    }

    private static void Write(TextWriter output, OutputFormat format, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = SnapshotDocument.WriterOptions(indented: format == OutputFormat.Json);
        using (var writer = new Utf8JsonWriter(buffer, options)) body(writer);
        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }
}
