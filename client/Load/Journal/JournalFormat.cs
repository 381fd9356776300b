using System.Buffers;
using System.Text.Json;

namespace Snapshots.Client;

/// <summary>A line of a journal: <c>{"id","from","to","amount","outcome"}</c>.</summary>
internal static class JournalFormat
{
    private static readonly string[] Outcomes = ["unknown", "accepted", "refused"];

    /// <summary>The line, with its end.</summary>
    public static ReadOnlyMemory<byte> Write(Transfer transfer, TransferOutcome outcome)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteString("id", transfer.Key.Value);
            writer.WriteString("from", transfer.From.Value);
            writer.WriteString("to", transfer.To.Value);
            writer.WriteNumber("amount", transfer.Amount.Value);
            writer.WriteString("outcome", Outcomes[(int)outcome]);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>Reads a line without its end. Members that are not known are passed over.</summary>
    /// <exception cref="InputException">It is not a line of a journal.</exception>
    public static (Transfer Transfer, TransferOutcome Outcome) Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var (from, to) = (Client.Read.Account(Text("from")), Client.Read.Account(Text("to")));
            if (from == to) throw new InputException("from and to are the same account");
            var outcome = Array.IndexOf(Outcomes, Text("outcome"));
            if (outcome < 0) throw new InputException($"outcome is none of {string.Join(", ", Outcomes)}");
            return (new(Client.Read.Key(Text("id")), from, to, Client.Read.Amount(root.GetProperty("amount").GetRawText())), (TransferOutcome)outcome);

            string Text(string name) => root.GetProperty(name).GetString() ?? throw new InputException($"{name} is null");
        }
        catch (KeyNotFoundException)
        {
            throw new InputException("id, from, to, amount or outcome is missing");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputException("it is not a JSON object of a transfer");
        }
    }
}
