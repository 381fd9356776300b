using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Snapshots.Documents;

/// <summary>
/// The JSON Canonicalization Scheme of RFC 8785: no white space, names sorted by UTF-16 code units, numbers as
/// ECMAScript prints doubles, minimal escaping. Equal documents have equal bytes, so they can be hashed.
/// </summary>
/// <remarks>
/// Numbers are doubles to the RFC: integers above 2^53 that round to the same double have the same form and digest.
/// Snapshots are mostly short integers and plain names. Those are canonical already and are copied unchanged.
/// </remarks>
internal static class CanonicalJson
{
    /// <summary>An integer of at most so many characters, its sign included, is always below 2^53.</summary>
    private const int MaxPlainIntegerLength = 15;

    private static readonly SearchValues<byte> NotPlainInteger = SearchValues.Create(".eE"u8);

    /// <summary>The canonical form, in UTF-8.</summary>
    /// <param name="element">The value.</param>
    /// <param name="omitted">The path, name by name, of one property to leave out; empty leaves out none.</param>
    /// <exception cref="DocumentFormatException">
    /// A string is not Unicode text, or a number is too large for a double.
    /// </exception>
    public static ReadOnlyMemory<byte> Serialize(JsonElement element, params ReadOnlySpan<string> omitted)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, element, omitted);
        return output.WrittenMemory;
    }

    /// <summary>
    /// Writes the canonical form of a document without <c>certificate.digest</c> to <paramref name="append"/>, in
    /// parts.
    /// </summary>
    public static void WriteDocument(
        JsonElement document,
        Func<string, bool> isStreamed,
        Func<string, IEnumerable<JsonElement>> items,
        Action<ReadOnlySpan<byte>> append)
    {
        var output = new ArrayBufferWriter<byte>();
        var separator = "{"u8;
        foreach (var (name, value) in Sorted(document))
        {
            output.Write(separator);
            separator = ","u8;
            CanonicalText.Write(output, name);
            output.Write(":"u8);
            if (isStreamed(name)) WriteItems(output, items(name), append);
            else Write(output, value, name == "certificate" ? ["digest"] : []);
            Flush(output, append);
        }

        append(separator is [(byte)'{'] ? "{}"u8 : "}"u8);
    }

    private static void WriteItems(
        ArrayBufferWriter<byte> output, IEnumerable<JsonElement> items, Action<ReadOnlySpan<byte>> append)
    {
        var count = 0;
        foreach (var item in items)
        {
            output.Write(count++ == 0 ? "["u8 : ","u8);
            Write(output, item, []);
            Flush(output, append);
        }

        output.Write(count == 0 ? "[]"u8 : "]"u8);
    }

    private static void Flush(ArrayBufferWriter<byte> output, Action<ReadOnlySpan<byte>> append)
    {
        append(output.WrittenSpan);
        output.ResetWrittenCount();
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement element, ReadOnlySpan<string> omitted)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, element, omitted);
                break;
            case JsonValueKind.Array:
                WriteArray(output, element);
                break;
            case JsonValueKind.String:
                WriteString(output, element);
                break;
            case JsonValueKind.Number:
                WriteNumber(output, element);
                break;
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(element)); // true, false or null
                break;
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonElement element, ReadOnlySpan<string> omitted)
    {
        var count = 0;
        foreach (var (name, value) in Sorted(element))
        {
            if (omitted.Length == 1 && name == omitted[0]) continue;
            output.Write(count++ == 0 ? "{"u8 : ","u8);
            CanonicalText.Write(output, name);
            output.Write(":"u8);
            Write(output, value, omitted.Length > 1 && name == omitted[0] ? omitted[1..] : []);
        }

        output.Write(count == 0 ? "{}"u8 : "}"u8);
    }

    private static List<(string Name, JsonElement Value)> Sorted(JsonElement element)
    {
        List<(string Name, JsonElement Value)> properties =
            [.. element.EnumerateObject().Select(property => (NameOf(property), property.Value))];
        properties.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return properties;
    }

    private static void WriteArray(ArrayBufferWriter<byte> output, JsonElement element)
    {
        var separator = "["u8;
        foreach (var item in element.EnumerateArray())
        {
            output.Write(separator);
            separator = ","u8;
            Write(output, item, []);
        }

        output.Write(element.GetArrayLength() == 0 ? "[]"u8 : "]"u8);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (raw.Length <= MaxPlainIntegerLength && !raw.ContainsAny(NotPlainInteger) && !raw.SequenceEqual("-0"u8))
        {
            output.Write(raw);
            return;
        }

        var value = element.GetDouble();
        if (!double.IsFinite(value)) throw new DocumentFormatException("a number is too large for a double");
        output.Write(Encoding.ASCII.GetBytes(EcmaScriptNumber.Format(value)));
    }

    private static void WriteString(ArrayBufferWriter<byte> output, JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (Ascii.IsValid(raw) && !raw.Contains((byte)'\\'))
        {
            output.Write(raw);
            return;
        }

        try
        {
            CanonicalText.Write(output, element.GetString()!);
        }
        catch (InvalidOperationException cause)
        {
            throw NotUnicode(cause);
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException cause)
        {
            throw NotUnicode(cause);
        }
    }

    private static DocumentFormatException NotUnicode(Exception cause) =>
        new("a string is not Unicode text: a lone surrogate, or bytes that are not UTF-8", cause);
}

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

/// <summary>
/// The digest that covers a whole document: SHA-256 of its RFC 8785 form without <c>certificate.digest</c>.
/// </summary>
internal static class DocumentDigest
{
    /// <summary>
    /// Returns the digest of a document, whether or not it states one: <c>sha256:</c> and 64 lower hexadecimal digits.
    /// </summary>
    /// <exception cref="DocumentFormatException">The document has no canonical form.</exception>
    public static string Of(JsonElement document) =>
        Of(document, static _ => false, static _ => []);

    /// <summary>The same, where the items of some arrays of the document come one by one.</summary>
    /// <param name="document">The document; these arrays are empty in it.</param>
    /// <param name="isStreamed">Whether a member is such an array.</param>
    /// <param name="items">The items of that array.</param>
    public static string Of(
        JsonElement document, Func<string, bool> isStreamed, Func<string, IEnumerable<JsonElement>> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        CanonicalJson.WriteDocument(document, isStreamed, items, hash.AppendData);
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
