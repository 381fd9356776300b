namespace Snapshots.Documents;

/// <summary>
/// Reads a document from a stream one piece at a time: a member, or one process or channel. So a file of any length
/// takes the memory of its largest piece.
/// </summary>
/// <remarks>The syntax is checked over the whole document, its depth too. Text and duplicate names are not.</remarks>
internal sealed class DocumentPieces(Stream input)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private long _position;
    private bool _isFinal;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = SnapshotVerifier.MaxDepth });
    private Piece _piece;

    private delegate bool Step(ref Utf8JsonReader reader);

    /// <summary>Whether a member is an array that is read item by item.</summary>
    public static bool IsStreamed(string name) => name is "processes" or "channels";

    /// <summary>
    /// Reads the document from where the stream is. The bytes of a piece are valid until the next one is read. A
    /// document that is no object is one piece without a name.
    /// </summary>
    /// <exception cref="DocumentFormatException">It is not JSON.</exception>
    public IEnumerable<Piece> Read()
    {
        Take(Begin);
        if (_piece.Name is null)
        {
            yield return _piece;
            Take(End);
            yield break;
        }

        while (true)
        {
            Take(Member);
            if (_piece.Name is null) break;
            yield return _piece;
            if (!_piece.IsArray) continue;
            foreach (var item in Items(_piece.Name)) yield return item;
        }

        Take(End);
    }

    /// <summary>Reads the items of an array that begins where the stream is.</summary>
    public IEnumerable<Piece> ReadItems(string name)
    {
        Take((ref reader) => reader.Read());
        return Items(name);
    }

    private IEnumerable<Piece> Items(string name)
    {
        for (var index = 0; ; index++)
        {
            Take(Item);
            if (_piece.Json.IsEmpty) yield break;
            yield return _piece with { Name = name, IsItem = true, Index = index };
        }
    }

    private bool Begin(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return false;
        if (reader.TokenType == JsonTokenType.StartObject) return Found(new Piece { Name = string.Empty });
        return Whole(ref reader, name: null);
    }

    private bool Member(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return false;
        if (reader.TokenType == JsonTokenType.EndObject) return Found(default);
        var name = reader.GetString()!;
        if (!reader.Read()) return false;
        return reader.TokenType == JsonTokenType.StartArray && IsStreamed(name)
            ? Found(new Piece { Name = name, IsArray = true, Position = _position + reader.TokenStartIndex })
            : Whole(ref reader, name);
    }

    private bool Item(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return false;
        return reader.TokenType == JsonTokenType.EndArray ? Found(default) : Whole(ref reader, name: null);
    }

    /// <summary>Nothing follows the document.</summary>
    private bool End(ref Utf8JsonReader reader) => !reader.Read() && _isFinal;

    private bool Whole(ref Utf8JsonReader reader, string? name)
    {
        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip()) return false;
        var json = _buffer.AsMemory(_start..(_start + (int)reader.BytesConsumed))[start..];
        return Found(new Piece { Name = name, Json = json });
    }

    private bool Found(Piece piece)
    {
        _piece = piece;
        return true;
    }

    /// <summary>Makes one step, with as much of the stream as it takes.</summary>
    private void Take(Step step)
    {
        try
        {
            while (true)
            {
                var reader = new Utf8JsonReader(_buffer.AsSpan(_start.._end), _isFinal, _state);
                if (step(ref reader))
                {
                    _state = reader.CurrentState;
                    _start += (int)reader.BytesConsumed;
                    _position += reader.BytesConsumed;
                    return;
                }

                Fill();
            }
        }
        catch (JsonException cause)
        {
            throw new DocumentFormatException($"not JSON: {cause.Message.ReplaceLineEndings(" ")}", cause);
        }
        catch (InvalidOperationException cause)
        {
            throw new DocumentFormatException("not JSON: a name is not Unicode text", cause);
        }
    }

    private void Fill()
    {
        if (_start > 0 && _end - _start <= _buffer.Length / 2)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _buffer.Length)
        {
            if (_buffer.Length == Array.MaxLength)
                throw new DocumentFormatException("a part of the document is larger than 2 GB");
            var larger = new byte[(int)Math.Min(2L * _buffer.Length, Array.MaxLength)];
            _buffer.AsSpan(_start.._end).CopyTo(larger);
            (_buffer, _start, _end) = (larger, 0, _end - _start);
        }

        var read = input.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isFinal |= read == 0;
    }
}

/// <summary>A piece of a document.</summary>
internal readonly record struct Piece
{
    /// <summary>The member that it is, or belongs to.</summary>
    public string? Name { get; init; }

    /// <summary>Whether an array begins whose items are the next pieces.</summary>
    public bool IsArray { get; init; }

    /// <summary>Whether it is an item of the array that began before.</summary>
    public bool IsItem { get; init; }

    /// <summary>The place of an item in its array.</summary>
    public int Index { get; init; }

    /// <summary>Where the array begins in the stream.</summary>
    public long Position { get; init; }

    /// <summary>The value in UTF-8; empty where an array begins.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }
}
