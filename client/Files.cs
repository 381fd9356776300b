using System.Formats.Tar;

namespace Snapshots.Client;

/// <summary>Reads files that the user names.</summary>
internal static class InputFile
{
    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="ClientException">It does not exist, or cannot be read.</exception>
    public static Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken interrupted) =>
        ReadAsync(path, stream => ReadAllAsync(stream, interrupted));

    /// <summary>Reads a stream in one go; Ctrl-C ends the wait for it.</summary>
    public static Task<T> ReadAsync<T>(Stream stream, Func<Stream, T> read, CancellationToken interrupted) =>
        Task.Run(() => read(stream), interrupted).WaitAsync(interrupted);

    /// <summary>The same for what reads a part again: a pipe is copied into a temporary file first.</summary>
    public static async Task<T> ReadAgainAsync<T>(Stream stream, Func<Stream, T> read, CancellationToken interrupted)
    {
        if (stream.CanSeek) return await ReadAsync(stream, read, interrupted);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var copy = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
        await using (copy)
        {
            await stream.CopyToAsync(copy, interrupted);
            copy.Position = 0;
            return await ReadAsync(copy, read, interrupted);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream stream, CancellationToken interrupted)
    {
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, interrupted);
        return content.ToArray();
    }

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

/// <summary>Writes the files that the user names.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Writes a regular file whole or not at all: into a temporary file beside the target, which is flushed to the disk
    /// and renamed. A symbolic link stays, and its target is written. A pipe or a device is written through.
    /// </summary>
    /// <exception cref="ClientException">It cannot be written; a regular file is unchanged.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        try
        {
            if (Directory.Exists(path)) throw new IOException("it is a directory");
            var isLink = new FileInfo(path).LinkTarget is not null;
            var target = isLink ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : path;
            if (File.Exists(path) && !IsRegular(target))
            {
                var device = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                await using (device) await write(device);
                return;
            }

            await WriteWholeAsync(target, write);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The base library ends with the name of the file, which here is that of the temporary one.
            var reason = Failures.Line(exception.Message).Split(" : '")[0];
            var message = $"{path} cannot be written: {reason}";
            throw new ClientException(ErrorCode.Unexpected, message, exception);
        }
    }

    private static async Task WriteWholeAsync(string path, Func<Stream, Task> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await using (file)
            {
                await write(file);
                await file.FlushAsync();
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// Whether a path is that of a regular file. The base library shows the kind of a file only in a tar archive.
    /// Devices and pipes have no length, so a file with one is regular.
    /// </summary>
    private static bool IsRegular(string path)
    {
        if (!File.Exists(path)) return false;
        if (new FileInfo(path).Length > 0) return true;
        using var entries = new MemoryStream();
        using (var writer = new TarWriter(entries, leaveOpen: true)) writer.WriteEntry(path, "file");
        entries.Position = 0;
        using var reader = new TarReader(entries);
        return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
    }
}
