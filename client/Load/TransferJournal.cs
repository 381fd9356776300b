using System.Buffers;

namespace Snapshots.Client;

/// <summary>
/// A file with a line for every transfer before it is sent (outcome unknown), and a line with its outcome. Each line
/// has reached the operating system before <see cref="Write"/> returns: it survives the end of this program, not of the
/// machine. Thread-safe.
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

    /// <summary>Opens a journal to append to it. An incomplete last line, left by a killed run, is removed.</summary>
    /// <exception cref="ClientException">It cannot be written, or is in use.</exception>
    public static TransferJournal Open(string path)
    {
        try
        {
            // No buffer: each write reaches the operating system. Locked: two runs would overwrite each other.
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
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(path, exception);
        }
    }

    /// <summary>Appends a line.</summary>
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
        new(
            ErrorCode.Unexpected,
            $"the journal {path} cannot be written: {Failures.Line(exception.Message)}",
            exception);

    /// <summary>Returns the length of the file without an incomplete last line.</summary>
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

/// <summary>Reads the transfers of a journal.</summary>
internal static class JournalReader
{
    /// <summary>
    /// Returns the transfers whose outcome is unknown, in the order of their first lines; the last line of an id
    /// counts. An incomplete last line is ignored: its writer was stopped before it sent the transfer.
    /// </summary>
    /// <exception cref="ClientException">The file cannot be read, or a line is invalid.</exception>
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

/// <summary>Reads and writes a line of a journal: <c>{"id","from","to","amount","outcome"}</c>.</summary>
internal static class JournalFormat
{
    private static readonly string[] Outcomes = ["unknown", "accepted", "refused"];

    /// <summary>Returns the line, with its line end.</summary>
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

    /// <summary>Reads a line without its line end. Unknown members are ignored.</summary>
    /// <exception cref="InputException">The line is invalid.</exception>
    public static (Transfer Transfer, TransferOutcome Outcome) Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var (from, to) = (Client.Read.Account(Text("from")), Client.Read.Account(Text("to")));
            if (from == to) throw new InputException("from and to are the same account");
            var outcome = Array.IndexOf(Outcomes, Text("outcome"));
            if (outcome < 0) throw new InputException($"outcome is not one of {string.Join(", ", Outcomes)}");
            var amount = Client.Read.Amount(root.GetProperty("amount").GetRawText());
            return (new(Client.Read.Key(Text("id")), from, to, amount), (TransferOutcome)outcome);

            string Text(string name) =>
                root.GetProperty(name).GetString() ?? throw new InputException($"{name} is null");
        }
        catch (KeyNotFoundException)
        {
            throw new InputException("id, from, to, amount or outcome is missing");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputException("the line is not a JSON object of a transfer");
        }
    }
}

/// <summary>A transfer under its id: repeated, it still moves its money once.</summary>
internal sealed record Transfer(RequestKey Key, ProcessId From, ProcessId To, Amount Amount);

/// <summary>The known outcome of a transfer.</summary>
internal enum TransferOutcome
{
    /// <summary>It may or may not have been executed.</summary>
    Unknown,

    /// <summary>The money has left its sender.</summary>
    Accepted,

    /// <summary>No money has moved, and none will.</summary>
    Refused,
}
