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
