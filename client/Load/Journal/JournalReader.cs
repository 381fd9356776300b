using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Client;

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
