namespace Snapshots.Client;

/// <summary>Reads files that a person names.</summary>
internal static class InputFile
{
    /// <summary>The bytes of a file.</summary>
    /// <exception cref="ClientException">It is not there, or cannot be read.</exception>
    public static Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken interrupted) =>
        ReadAsync<ReadOnlyMemory<byte>>(path, async stream =>
        {
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, interrupted);
            return content.ToArray();
        });

    /// <summary>What is read from a file.</summary>
    /// <exception cref="ClientException">It is not there, or cannot be read.</exception>
    public static async Task<T> ReadAsync<T>(string path, Func<Stream, Task<T>> read)
    {
        try
        {
            var stream = File.OpenRead(path);
            await using (stream) return await read(stream);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ClientException(ErrorCode.NotFound, $"there is no file {path}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClientException(ErrorCode.Unexpected, $"{path} cannot be read: {Failures.Line(exception.Message)}", exception);
        }
    }
}

/// <summary>Writes files whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the target first, and renames once every byte is on the disk.</summary>
    /// <exception cref="ClientException">It cannot be written; the target is as it was.</exception>
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ClientException(ErrorCode.Unexpected, $"{path} cannot be written: {Failures.Line(exception.Message)}", exception);
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
