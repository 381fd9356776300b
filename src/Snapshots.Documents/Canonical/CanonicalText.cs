using System.Buffers;
using System.Globalization;
using System.Text;

namespace Snapshots.Documents;

/// <summary>The canonical form of a string (RFC 8785, section 3.2.2.2): only what must be escaped is escaped.</summary>
internal static class CanonicalText
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    /// <summary>Writes a string of Unicode text, quotes included.</summary>
    public static void Write(ArrayBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        Encoding.UTF8.GetBytes(text.AsSpan().ContainsAny(Escaped) ? Escape(text) : text, output);
        output.Write("\""u8);
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\b' => escaped.Append("\\b"),
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\f' => escaped.Append("\\f"),
                '\r' => escaped.Append("\\r"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }
}
