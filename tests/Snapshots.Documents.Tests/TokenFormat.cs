using System.Text.Json;

namespace Snapshots.Documents.Tests;

internal sealed record TokenState(long Tokens, long AtStart);

/// <summary>
/// The states and messages of a scenario script: what was there at the start shows in the certificate alone.
/// </summary>
internal sealed class TokenFormat : IMoneyFormat<TokenState, long>
{
    public void WriteState(Utf8JsonWriter writer, TokenState state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("tokens", state.Tokens);
        writer.WriteEndObject();
    }

    public void WriteMessage(Utf8JsonWriter writer, long message)
    {
        writer.WriteString("type", "transfer");
        writer.WriteNumber("amount", message);
    }

    public Figures FiguresOf(TokenState state) => new(state.Tokens, state.AtStart, 0);

    public long InTransit(long message) => message;
}
