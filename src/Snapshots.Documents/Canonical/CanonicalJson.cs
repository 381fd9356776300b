using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Snapshots.Documents;

/// <summary>
/// The JSON Canonicalization Scheme of RFC 8785: no white space, names sorted by UTF-16 code units, numbers as
/// ECMAScript prints doubles, the least escaping. Equal documents have equal bytes, so they can be hashed.
/// </summary>
/// <remarks>
/// Numbers are doubles to the RFC: integers beyond 2^53 that round to the same double have the same form and digest.
/// Snapshots are mostly short integers and plain names, whose canonical form is their own; these are copied as they
/// stand.
/// </remarks>
internal static class CanonicalJson
{
    /// <summary>So many characters of an integer, its sign included, are always within 2^53.</summary>
    private const int MaxPlainIntegerLength = 15;

    private static readonly SearchValues<byte> NotPlainInteger = SearchValues.Create(".eE"u8);

    /// <summary>The canonical form, in UTF-8.</summary>
    /// <param name="element">The value.</param>
    /// <param name="omitted">The path, name by name, of one property to leave out; empty leaves out none.</param>
    /// <exception cref="DocumentFormatException">
    /// A string is no Unicode text, or a number is too large for a double.
    /// </exception>
    public static ReadOnlyMemory<byte> Serialize(JsonElement element, params ReadOnlySpan<string> omitted)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, element, omitted);
        return output.WrittenMemory;
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
        var properties = new List<(string Name, JsonElement Value)>();
        foreach (var property in element.EnumerateObject())
        {
            var name = NameOf(property);
            if (omitted.Length != 1 || name != omitted[0]) properties.Add((name, property.Value));
        }

        properties.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var separator = "{"u8;
        foreach (var (name, value) in properties)
        {
            output.Write(separator);
            separator = ","u8;
            CanonicalText.Write(output, name);
            output.Write(":"u8);
            Write(output, value, omitted.Length > 1 && name == omitted[0] ? omitted[1..] : []);
        }

        output.Write(properties.Count == 0 ? "{}"u8 : "}"u8);
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
        new("a string is no Unicode text: a lone surrogate, or bytes that are not UTF-8", cause);
}
