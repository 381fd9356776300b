using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Snapshots.Documents;

/// <summary>
/// The JSON Canonicalization Scheme of RFC 8785: no white space, names sorted by UTF-16 code units, numbers as ECMAScript prints
/// doubles, the least escaping. Equal documents have equal bytes, so they can be hashed.
/// </summary>
/// <remarks>
/// Numbers are doubles to the RFC: integers beyond 2^53 that round to the same double have the same form, and so the same digest.
/// </remarks>
internal static class CanonicalJson
{
    /// <summary>No larger magnitude is sure to be a double's own value.</summary>
    private const long MaxExactInteger = 1L << 53;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The canonical form, in UTF-8.</summary>
    /// <param name="element">The value.</param>
    /// <param name="omitted">The path, name by name, of one property to leave out; empty leaves out none.</param>
    /// <exception cref="DocumentFormatException">A string is no Unicode text, or a number is too large for a double.</exception>
    public static byte[] Serialize(JsonElement element, params ReadOnlySpan<string> omitted)
    {
        var text = new StringBuilder();
        Write(text, element, omitted);
        return Utf8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, JsonElement element, ReadOnlySpan<string> omitted)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, element, omitted);
                break;
            case JsonValueKind.Array:
                WriteArray(text, element);
                break;
            case JsonValueKind.String:
                WriteString(text, UnicodeText(element.GetString));
                break;
            case JsonValueKind.Number:
                WriteNumber(text, element);
                break;
            default:
                text.Append(element.GetRawText()); // true, false or null
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonElement element, ReadOnlySpan<string> omitted)
    {
        var properties = new List<(string Name, JsonElement Value)>();
        foreach (var property in element.EnumerateObject())
        {
            var name = UnicodeText(() => property.Name);
            if (omitted.Length != 1 || name != omitted[0]) properties.Add((name, property.Value));
        }

        properties.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        text.Append('{');
        foreach (var (name, value) in properties)
        {
            if (text[^1] != '{') text.Append(',');
            WriteString(text, name);
            text.Append(':');
            Write(text, value, omitted.Length > 1 && name == omitted[0] ? omitted[1..] : []);
        }

        text.Append('}');
    }

    private static void WriteArray(StringBuilder text, JsonElement element)
    {
        text.Append('[');
        foreach (var item in element.EnumerateArray())
        {
            if (text[^1] != '[') text.Append(',');
            Write(text, item, []);
        }

        text.Append(']');
    }

    private static void WriteNumber(StringBuilder text, JsonElement element)
    {
        if (element.TryGetInt64(out var integer) && integer is >= -MaxExactInteger and <= MaxExactInteger)
        {
            text.Append(CultureInfo.InvariantCulture, $"{integer}");
            return;
        }

        var value = element.GetDouble();
        if (!double.IsFinite(value)) throw new DocumentFormatException("a number is too large for a double");
        text.Append(EcmaScriptNumber.Format(value));
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    private static string UnicodeText(Func<string?> read)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException cause)
        {
            throw new DocumentFormatException("a string is no Unicode text: a lone surrogate, or bytes that are not UTF-8", cause);
        }
    }
}
