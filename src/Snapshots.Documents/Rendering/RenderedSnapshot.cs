using System.Buffers;
using System.Collections.Immutable;

namespace Snapshots.Documents;

/// <summary>
/// The content of a completed snapshot as JSON, without a type of its application: out of its document, or as a silo
/// renders it.
/// </summary>
/// <param name="Id">The snapshot.</param>
/// <param name="Application">
/// The application's name; <see langword="null"/> for the bank and for tokens, which have money.
/// </param>
/// <param name="State">
/// A state is one JSON value in UTF-8, a message one JSON object without its number; white space may stand between.
/// </param>
public sealed record RenderedSnapshot(
    SnapshotId Id, string? Application, GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> State)
{
    /// <summary>The sums of money; <see langword="null"/> for an application without money.</summary>
    public MoneyTotals? Money() =>
        Application is null ? CertificateFigures.Of(State, RenderedFormat.Money).Money : null;

    /// <summary>The global state in an application's types, which are read out of the JSON.</summary>
    /// <exception cref="DocumentFormatException">A state or a message is not of these types.</exception>
    public GlobalState<TState, TMessage> Typed<TState, TMessage>(
        Func<JsonElement, TState> state, Func<JsonElement, TMessage> message) => new(
        [.. State.Processes.Select(process => new ProcessState<TState>(
            process.Id, Parse(process.State, state, $"process {process.Id}")))],
        [.. State.Channels.Select(channel => new ChannelState<TMessage>(
            channel.Channel,
            channel.Sent,
            channel.Delivered,
            [.. channel.Messages.Select(each => new NumberedMessage<TMessage>(
                each.Number, Parse(each.Message, message, $"message {each.Number} of {channel.Channel}")))]))]);

    private static T Parse<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> parse, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return parse(document.RootElement);
        }
        catch (Exception exception) when (exception
            is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new DocumentFormatException($"{place}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>
    /// Reads the content of a document in one pass. It proves nothing: that is what <see cref="SnapshotVerifier"/> is
    /// for. A document of any length takes the memory of its states and messages.
    /// </summary>
    /// <exception cref="DocumentFormatException">
    /// It is not JSON, not of this schema, or of a snapshot that has not completed.
    /// </exception>
    public static RenderedSnapshot Read(Stream input) => new ContentReader().Read(input);
}

/// <summary>Reads a document token by token: a million processes need no tree.</summary>
internal sealed class ContentReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = SnapshotVerifier.MaxDepth };

    private readonly ImmutableArray<ProcessState<ReadOnlyMemory<byte>>>.Builder _processes =
        ImmutableArray.CreateBuilder<ProcessState<ReadOnlyMemory<byte>>>();

    private readonly ImmutableArray<ChannelState<ReadOnlyMemory<byte>>>.Builder _channels =
        ImmutableArray.CreateBuilder<ChannelState<ReadOnlyMemory<byte>>>();

    private string? _id;
    private string? _application;
    private string? _status;
    private long _version;
    private ReadOnlyMemory<byte> _piece;

    public RenderedSnapshot Read(Stream input)
    {
        try
        {
            foreach (var piece in new DocumentPieces(input).Read()) Read(piece);
        }
        catch (InvalidOperationException cause)
        {
            throw new DocumentFormatException("a string is not Unicode text", cause);
        }

        if (_version != SnapshotDocument.SchemaVersion)
            throw new DocumentFormatException($"schemaVersion is not {SnapshotDocument.SchemaVersion}");
        if (_status != DocumentWriter.NameOf(DocumentStatus.Completed))
            throw new DocumentFormatException($"it has no global state: the snapshot is {_status ?? "unknown"}");
        var state = new GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(
            _processes.ToImmutable(), _channels.ToImmutable());
        return new(new SnapshotId(Identity(_id, "id")), _application, state);
    }

    private delegate void MemberReader(ref Utf8JsonReader reader, string name);

    private void Read(Piece piece)
    {
        if (piece.Name is null) throw new DocumentFormatException("the document is not an object");
        if (piece.IsArray) return;
        _piece = piece.Json;
        var reader = new Utf8JsonReader(_piece.Span, Options);
        reader.Read();
        if (!piece.IsItem) ReadMember(ref reader, piece.Name);
        else if (piece.Name == "processes") ReadProcess(ref reader, $"processes[{piece.Index}]");
        else ReadChannel(ref reader, $"channels[{piece.Index}]");
    }

    private void ReadMember(ref Utf8JsonReader reader, string name)
    {
        if (name == "schemaVersion") _version = Number(ref reader, name);
        else if (name == "id") _id = Text(ref reader, name);
        else if (name == "application") _application = Identity(Text(ref reader, name), name);
        else if (name == "status") _status = Text(ref reader, name);
        else if (DocumentPieces.IsStreamed(name)) throw new DocumentFormatException($"{name} is not an array");
    }

    private void ReadProcess(ref Utf8JsonReader reader, string place)
    {
        string? id = null;
        ReadOnlyMemory<byte>? state = null;
        ReadMembers(ref reader, place, (ref Utf8JsonReader at, string name) =>
        {
            if (name == "id") id = Text(ref at, $"{place}.id");
            else if (name == "state") state = Slice(ref at);
            else at.Skip();
        });
        _processes.Add(new(new ProcessId(Identity(id, $"{place}.id")), state ?? throw Lacks(place, "state")));
    }

    private void ReadChannel(ref Utf8JsonReader reader, string place)
    {
        string? source = null, target = null;
        long? sent = null, delivered = null;
        var messages = ImmutableArray.CreateBuilder<NumberedMessage<ReadOnlyMemory<byte>>>();
        ReadMembers(ref reader, place, (ref Utf8JsonReader at, string name) =>
        {
            if (name == "source") source = Text(ref at, $"{place}.source");
            else if (name == "target") target = Text(ref at, $"{place}.target");
            else if (name == "sent") sent = Count(ref at, $"{place}.sent");
            else if (name == "delivered") delivered = Count(ref at, $"{place}.delivered");
            else if (name == "messages")
                ReadItems(ref at, $"{place}.messages", (ref item, inner) => messages.Add(ReadMessage(ref item, inner)));
            else at.Skip();
        });
        _channels.Add(new(
            new ChannelId(
                new ProcessId(Identity(source, $"{place}.source")), new ProcessId(Identity(target, $"{place}.target"))),
            new MessageCount(sent ?? throw Lacks(place, "sent")),
            new MessageCount(delivered ?? throw Lacks(place, "delivered")),
            messages.ToImmutable()));
    }

    /// <summary>A message is rewritten without its number, as a silo renders it.</summary>
    private static NumberedMessage<ReadOnlyMemory<byte>> ReadMessage(ref Utf8JsonReader reader, string place)
    {
        long? number = null;
        var content = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(content, SnapshotDocument.WriterOptions(indented: false)))
        {
            writer.WriteStartObject();
            ReadMembers(ref reader, place, (ref Utf8JsonReader at, string name) =>
            {
                if (name == "sequence")
                {
                    number = Count(ref at, $"{place}.sequence");
                    return;
                }

                using var value = JsonDocument.ParseValue(ref at);
                writer.WritePropertyName(name);
                value.RootElement.WriteTo(writer);
            });
            writer.WriteEndObject();
        }

        return new(new MessageCount(number ?? throw Lacks(place, "sequence")), content.WrittenMemory);
    }

    private static void ReadMembers(ref Utf8JsonReader reader, string place, MemberReader read)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new DocumentFormatException($"{place} is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            read(ref reader, name);
        }
    }

    private static void ReadItems(ref Utf8JsonReader reader, string place, MemberReader read)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new DocumentFormatException($"{place} is not an array");
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            read(ref reader, $"{place}[{index}]");
    }

    private ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return _piece[start..(int)reader.BytesConsumed].ToArray();
    }

    private static string Text(ref Utf8JsonReader reader, string place) => reader.TokenType == JsonTokenType.String
        ? reader.GetString()!
        : throw new DocumentFormatException($"{place} is not a string");

    private static long Number(ref Utf8JsonReader reader, string place) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw new DocumentFormatException($"{place} is not an integer of 64 bits");

    private static long Count(ref Utf8JsonReader reader, string place) =>
        Number(ref reader, place) is var count and >= 0
            ? count
            : throw new DocumentFormatException($"{place} is negative");

    private static string Identity(string? text, string place) => Identifier.IsValid(text)
        ? text!
        : throw new DocumentFormatException(
            $"{place} is not an identifier: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");

    private static DocumentFormatException Lacks(string place, string name) => new($"{place} has no {name}");
}
