namespace Snapshots.Client;

/// <summary>Reads files that the user names.</summary>
internal static class InputFile
{
    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="ClientException">It does not exist, or cannot be read.</exception>
    public static Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken interrupted) =>
        ReadAsync<ReadOnlyMemory<byte>>(path, async stream =>
        {
            if (stream.CanSeek && stream.Length > 0 && stream.Length <= Array.MaxLength)
            {
                var whole = new byte[stream.Length];
                await stream.ReadExactlyAsync(whole, interrupted);
                return whole;
            }

            using var content = new MemoryStream();
            await stream.CopyToAsync(content, interrupted);
            return content.ToArray();
        });

    /// <summary>Reads a file from its stream.</summary>
    /// <exception cref="ClientException">It does not exist, or cannot be read.</exception>
    public static async Task<T> ReadAsync<T>(string path, Func<Stream, Task<T>> read)
    {
        try
        {
            var stream = File.OpenRead(path);
            await using (stream) return await read(stream);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ClientException(ErrorCode.NotFound, $"the file {path} does not exist", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var message = $"{path} cannot be read: {Failures.Line(exception.Message)}";
            throw new ClientException(ErrorCode.Unexpected, message, exception);
        }
    }
}

/// <summary>Writes files whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes a temporary file beside the target, flushes it to the disk, and renames it.</summary>
    /// <exception cref="ClientException">It cannot be written; the target is unchanged.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken interrupted)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            if (Directory.Exists(path)) throw new IOException("it is a directory");
            try
            {
                await WriteNewAsync(temporary, content, interrupted);
                File.Move(temporary, path, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var message = $"{path} cannot be written: {Failures.Line(exception.Message)}";
            throw new ClientException(ErrorCode.Unexpected, message, exception);
        }
    }

    private static async Task WriteNewAsync(string path, ReadOnlyMemory<byte> content, CancellationToken interrupted)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await using (file)
        {
            await file.WriteAsync(content, interrupted);
            await file.WriteAsync("\n"u8.ToArray(), interrupted);
            await file.FlushAsync(interrupted);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
    }
}
