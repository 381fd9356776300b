using System.Text;

namespace Snapshots.Reading;

/// <summary>The columns that the fields of JSON objects become: each field that is a scalar somewhere is one.</summary>
/// <param name="isFixed">The names of the table's own columns.</param>
internal sealed class Columns(params string[] isFixed)
{
    /// <summary>More fields than that are no columns: SQLite has at most 2000.</summary>
    public const int Max = 1000;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<byte[]> _fields = [];

    /// <summary>How many there are.</summary>
    public int Count => _fields.Count;

    /// <summary>Fields that are no columns, since there are too many.</summary>
    public bool AreCut { get; private set; }

    /// <summary>Adds the scalar fields of an object; other JSON has none.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
        for (var guess = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; guess++)
        {
            if (PlaceOf(ref reader, guess) >= 0)
            {
                reader.Read();
            }
            else
            {
                var name = reader.GetString()!;
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) Add(name);
            }

            reader.Skip();
        }
    }

    /// <summary>Adds fields that are columns also where no object has them.</summary>
    public void Require(params IReadOnlyList<string> names)
    {
        foreach (var name in names) Add(name);
    }

    /// <summary>The place of the field at which a reader stands; -1 if it is no column.</summary>
    /// <param name="reader">It stands at a name.</param>
    /// <param name="guess">The place that it likely has: objects of one type list their fields in one order.</param>
    public int PlaceOf(ref Utf8JsonReader reader, int guess)
    {
        if (guess < _fields.Count && reader.ValueTextEquals(_fields[guess])) return guess;
        return _places.TryGetValue(reader.GetString()!, out var place) ? place : -1;
    }

    /// <summary>
    /// The names of the columns. SQLite compares them without regard to case, so a field that is called like a column
    /// before it, or like one of the table's own, gets <c>_</c> before its name until no other is called so.
    /// </summary>
    public IReadOnlyList<string> Names()
    {
        var taken = new HashSet<string>(isFixed, StringComparer.OrdinalIgnoreCase);
        var names = _fields.Select(field => Encoding.UTF8.GetString(field).Replace('\0', '\uFFFD')).ToArray();
        var free = names.Select(taken.Add).ToArray(); // Those with a name of their own keep it.
        for (var place = 0; place < names.Length; place++)
        {
            if (free[place]) continue;
            do names[place] = "_" + names[place];
            while (!taken.Add(names[place]));
        }

        return names;
    }

    private void Add(string name)
    {
        if (_fields.Count == Max)
        {
            AreCut = true;
            return;
        }

        _places.Add(name, _fields.Count);
        _fields.Add(Encoding.UTF8.GetBytes(name));
    }
}
