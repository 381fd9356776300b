using System.Text.Json;

namespace Snapshots.Documents.Tests;

internal sealed record BankMessage(string Type, string TransferId, long Amount);

/// <summary>The bank's states and messages, as the contract shows them.</summary>
internal sealed class BankFormat : IMoneyFormat<Figures, BankMessage>
{
    public void WriteState(Utf8JsonWriter writer, Figures state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("balance", state.Balance);
        writer.WriteNumber("deposited", state.Deposited);
        writer.WriteNumber("withdrawn", state.Withdrawn);
        writer.WriteEndObject();
    }

    public void WriteMessage(Utf8JsonWriter writer, BankMessage message)
    {
        writer.WriteString("type", message.Type);
        writer.WriteString("transferId", message.TransferId);
        writer.WriteNumber("amount", message.Amount);
    }

    public Figures FiguresOf(Figures state) => state;

    public long InTransit(BankMessage message) => message.Amount;
}
