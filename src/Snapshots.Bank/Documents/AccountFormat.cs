using System.Text.Json;
using Snapshots.Documents;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>Writes accounts and their messages into the document of a global state.</summary>
public sealed class AccountFormat : IMoneyFormat<AccountState, BankMessage>
{
    /// <summary>The one format.</summary>
    public static AccountFormat Instance { get; } = new();

    /// <summary>Reads a state out of a document.</summary>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="ArgumentException">A figure is out of its bounds.</exception>
    public static AccountState ReadState(JsonElement state) => new(
        !state.TryGetProperty("open", out var open) || open.GetBoolean(),
        state.GetProperty("balance").GetInt64(),
        state.GetProperty("deposited").GetInt64(),
        state.GetProperty("withdrawn").GetInt64());

    /// <summary>Reads a message out of a document.</summary>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="ArgumentException">The key or the amount is out of its bounds.</exception>
    public static BankMessage ReadMessage(JsonElement message)
    {
        var key = new RequestKey(message.GetProperty("transferId").GetString()!);
        var amount = new Amount(message.GetProperty("amount").GetInt64());
        return message.GetProperty("type").GetString() == "return"
            ? new ReturnMessage(key, amount)
            : new TransferMessage(key, amount);
    }

    /// <inheritdoc/>
    public void WriteState(Utf8JsonWriter writer, AccountState state)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(state);
        writer.WriteStartObject();
        writer.WriteNumber("balance", state.Balance);
        writer.WriteNumber("deposited", state.Deposited);
        writer.WriteNumber("withdrawn", state.Withdrawn);
        writer.WriteBoolean("open", state.Open);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public void WriteMessage(Utf8JsonWriter writer, BankMessage message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(message);
        writer.WriteString("type", message is ReturnMessage ? "return" : "transfer");
        writer.WriteString("transferId", message.TransferId.Value);
        writer.WriteNumber("amount", message.Amount.Value);
    }

    /// <inheritdoc/>
    public Figures FiguresOf(AccountState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new Figures(state.Balance, state.Deposited, state.Withdrawn);
    }

    /// <inheritdoc/>
    public long InTransit(BankMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Amount.Value;
    }
}
