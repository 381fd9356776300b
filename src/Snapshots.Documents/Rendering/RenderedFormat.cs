namespace Snapshots.Documents;

/// <summary>
/// The format of a global state that is rendered already: each state is one JSON value in UTF-8, each message one
/// object. It needs no type of the application.
/// </summary>
public class RenderedFormat : IDocumentFormat<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>
{
    private RenderedFormat()
    {
    }

    /// <summary>The format of applications without money.</summary>
    public static RenderedFormat Plain { get; } = new();

    /// <summary>
    /// The format of the bank and of tokens: the fields <c>balance</c> or <c>tokens</c>, and <c>amount</c>, are money.
    /// </summary>
    public static RenderedFormat Money { get; } = new OfMoney();

    /// <inheritdoc/>
    public void WriteState(Utf8JsonWriter writer, ReadOnlyMemory<byte> state)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var json = JsonDocument.Parse(state);
        json.RootElement.WriteTo(writer);
    }

    /// <inheritdoc/>
    public void WriteMessage(Utf8JsonWriter writer, ReadOnlyMemory<byte> message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var json = JsonDocument.Parse(message);
        foreach (var member in json.RootElement.EnumerateObject()) member.WriteTo(writer);
    }

    private sealed class OfMoney : RenderedFormat, IMoneyFormat<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>
    {
        public Figures FiguresOf(ReadOnlyMemory<byte> state)
        {
            using var json = JsonDocument.Parse(state);
            var node = new DocumentNode(json.RootElement);
            if (node.Find("tokens") is { } tokens) return new(tokens.Number(), 0, 0);
            return new(node["balance"].Number(), node["deposited"].Number(), node["withdrawn"].Number());
        }

        public long InTransit(ReadOnlyMemory<byte> message)
        {
            using var json = JsonDocument.Parse(message);
            return new DocumentNode(json.RootElement)["amount"].Number();
        }
    }
}
