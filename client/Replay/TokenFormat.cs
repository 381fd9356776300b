using System.Text.Json;
using Snapshots.Documents;
using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary>How the tokens of scripts stand in the document of a global state.</summary>
internal sealed class TokenFormat : IDocumentFormat<TokenState, TokenMessage>
{
    public static TokenFormat Instance { get; } = new();

    public void WriteState(Utf8JsonWriter writer, TokenState state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("tokens", state.Tokens);
        writer.WriteEndObject();
    }

    public void WriteMessage(Utf8JsonWriter writer, TokenMessage message)
    {
        writer.WriteString("type", "transfer");
        writer.WriteNumber("amount", message.Amount);
    }

    public Figures FiguresOf(TokenState state) => new(state.Tokens, state.Issued, 0);

    public long InTransit(TokenMessage message) => message.Amount;
}
