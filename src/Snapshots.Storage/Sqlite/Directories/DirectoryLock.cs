namespace Snapshots.Storage;

/// <summary>
/// The exclusive lock on a data directory: its file <c>lock</c>, open and shared with nobody. The file stays when the
/// lock is freed, since removing it would let two owners in: one that locks the removed file and one that creates a
/// new one.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="DataDirectoryException">The lock is held, or its file cannot be created.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        try
        {
            var path = Path.Combine(directory, "lock");
            return new DirectoryLock(PrivateFile.Open(path, FileShare.None));
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw new DataDirectoryException($"The data directory {directory} is held by another silo.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data directory {directory} cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of flock on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeldByAnother(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
