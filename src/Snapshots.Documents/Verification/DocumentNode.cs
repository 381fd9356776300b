using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>
/// A JSON value together with its place in the document, so that an error can say where. The path is made only then.
/// </summary>
internal sealed class DocumentNode
{
    private readonly JsonElement _element;
    private readonly DocumentNode? _parent;
    private readonly string _name;
    private readonly int _index;

    public DocumentNode(JsonElement root)
        : this(root, null, string.Empty, 0)
    {
    }

    private DocumentNode(JsonElement element, DocumentNode? parent, string name, int index)
    {
        _element = element;
        _parent = parent;
        _name = name;
        _index = index;
    }

    private string Path => _parent is null ? string.Empty
        : _name.Length == 0 ? $"{_parent.Path}[{_index}]"
        : _parent._parent is null ? _name
        : $"{_parent.Path}.{_name}";

    public DocumentNode this[string name] => Find(name) ?? throw Error($"has no {name}");

    public DocumentNode? Find(string name)
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Error("is no object");
        return _element.TryGetProperty(name, out var value) ? new DocumentNode(value, this, name, 0) : null;
    }

    public IEnumerable<DocumentNode> Items()
    {
        if (_element.ValueKind != JsonValueKind.Array) throw Error("is no array");
        return _element.EnumerateArray().Select((item, index) => new DocumentNode(item, this, string.Empty, index));
    }

    public string Text()
    {
        if (_element.ValueKind != JsonValueKind.String) throw Error("is no string");
        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("is no Unicode text");
        }
    }

    public string Identity() => Text() is var text && Identifier.IsValid(text)
        ? text
        : throw Error($"is no identifier: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");

    public bool Truth() => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error("is neither true nor false"),
    };

    /// <summary>
    /// An integer written without fraction and exponent: 1.0 and 1e0 are refused, since a reader could round them.
    /// </summary>
    public long Number() => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt64(out var value)
        ? value
        : throw Error("is no integer of 64 bits");

    public Int128 Total() => _element.ValueKind == JsonValueKind.Number
        && Int128.TryParse(
            JsonMarshal.GetRawUtf8Value(_element),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var value)
        ? value
        : throw Error("is no integer of 128 bits");

    public long Count() => Number() is var count and >= 0 ? count : throw Error("is negative");

    public DocumentFormatException Error(string what) =>
        new($"{(Path is { Length: > 0 } path ? path : "the document")} {what}");
}
