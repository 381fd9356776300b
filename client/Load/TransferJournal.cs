using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>
/// A file that says of every transfer, before it is sent, that its outcome is unknown, and then its outcome. Each line is with the
/// operating system before <see cref="Write"/> returns: so it survives this program, however that ends, but not the machine. Safe for
/// concurrent use.
/// </summary>
internal sealed class TransferJournal : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly FileStream _file;

    private TransferJournal(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Opens a journal to go on with it. A last line without an end, which a run that was killed has left, is removed.</summary>
    /// <exception cref="ClientException">It cannot be written, or is in use.</exception>
    public static TransferJournal Open(string path)
    {
        try
        {
            // Without a buffer: what is written is with the operating system. Locked: two runs would write over each other.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                file.SetLength(EndOfLastLine(file));
                file.Seek(0, SeekOrigin.End);
                return new(path, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(path, exception);
        }
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="ClientException">It cannot be written.</exception>
    public void Write(Transfer transfer, TransferOutcome outcome)
    {
        var line = JournalFormat.Write(transfer, outcome);
        try
        {
            lock (_lock) _file.Write(line.Span);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw Failed(_path, exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static ClientException Failed(string path, Exception exception) =>
        new(ErrorCode.Unexpected, $"the journal {path} cannot be written: {Failures.Line(exception.Message)}", exception);

    /// <summary>The length of the file without a last line that has no end.</summary>
    private static long EndOfLastLine(FileStream file)
    {
        Span<byte> one = stackalloc byte[1];
        for (var length = file.Length; length > 0; length--)
        {
            file.Seek(length - 1, SeekOrigin.Begin);
            file.ReadExactly(one);
            if (one[0] == '\n') return length;
        }

        return 0;
    }
}

/// <summary>Reads what a journal says of its transfers.</summary>
internal static class JournalReader
{
    /// <summary>
    /// The transfers of a journal whose outcome is unknown, in the order of their first lines; the last line of an id counts. A last line
    /// without an end does not count: whoever wrote it was stopped before it went on.
    /// </summary>
    /// <exception cref="ClientException">The file is not there or cannot be read, or a line is not one of a journal.</exception>
    public static async Task<IReadOnlyList<Transfer>> ReadUnknownAsync(string path, CancellationToken interrupted)
    {
        var content = await InputFile.ReadAsync(path, interrupted);
        var unknown = new OrderedDictionary<RequestKey, Transfer>();
        for (var number = 1; content.Span.IndexOf((byte)'\n') is var end and >= 0; number++)
        {
            var (transfer, outcome) = Read(path, number, content[..end]);
            if (outcome == TransferOutcome.Unknown) unknown[transfer.Key] = transfer;
            else unknown.Remove(transfer.Key);
            content = content[(end + 1)..];
        }

        return [.. unknown.Values];
    }

    private static (Transfer Transfer, TransferOutcome Outcome) Read(string path, int number, ReadOnlyMemory<byte> line)
    {
        try
        {
            return JournalFormat.Read(line);
        }
        catch (InputException exception)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}");
            throw new ClientException(ErrorCode.InvalidInput, $"{where}: {exception.Message}", exception);
        }
    }
}

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

/// <summary>One transfer under its id: sent again, it moves its money once.</summary>
internal sealed record Transfer(RequestKey Key, ProcessId From, ProcessId To, Amount Amount);

/// <summary>What is known of a transfer.</summary>
internal enum TransferOutcome
{
    /// <summary>It may have been executed or not.</summary>
    Unknown,

    /// <summary>The money has left its sender.</summary>
    Accepted,

    /// <summary>Nothing has happened, and nothing will.</summary>
    Refused,
}
