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
