using System.Security.Cryptography;

namespace Snapshots.Storage;

/// <summary>
/// The folder that holds one silo's database, open and held exclusively from <see cref="Open"/> to
/// <see cref="Dispose"/>. Holding it is a lock of the operating system on the file <c>lock</c> in the folder: it ends
/// with the process that holds it, however that ends, so there is never a stale lock to remove.
/// </summary>
/// <remarks>
/// A host opens it before it starts Orleans, to fail at once and with one clear line, and hands it to
/// <see cref="SqliteStorageOptions.OpenDirectory"/>; a storage that is given a path only opens it by itself. The
/// storage closes the directory when the silo has stopped. Safe to dispose more than once and from any thread. Only the
/// owner can read what it creates: the folder has mode 0700, and every file in it 0600, SQLite's own included.
/// </remarks>
public sealed class DataDirectory : IDisposable
{
    private readonly DirectoryLock _lock;
    private volatile bool _isClosed;

    private DataDirectory(string path, DirectoryLock @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>The full path of the folder.</summary>
    public string Path { get; }

    /// <summary>A number of this owner alone, stored in the database.</summary>
    internal long Owner { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    internal string DatabasePath => System.IO.Path.Combine(Path, "snapshots.db");

    /// <summary>
    /// Creates the folder if there is none, takes its lock, and creates or checks its database.
    /// </summary>
    /// <param name="path">The folder, absolute or relative to the current directory.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="DataDirectoryException">
    /// The folder cannot be used; nothing is held then. See there for the reasons.
    /// </exception>
    public static DataDirectory Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var fullPath = CreateFolder(path);
        var directory = new DataDirectory(fullPath, DirectoryLock.Acquire(fullPath));
        try
        {
            directory.CreateDatabaseFile();
            DatabaseSchema.Ensure(directory);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Frees the folder for the next owner. No connection to its database may still be open.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _lock.Dispose();
    }

    /// <exception cref="DataDirectoryException">It was closed, and may be another's by now.</exception>
    internal void ThrowIfClosed()
    {
        if (_isClosed)
            throw new DataDirectoryException($"The data directory {Path} was closed before the storage started.");
    }

    /// <summary>SQLite takes an empty file for a new database, and gives its log the mode of the database.</summary>
    private void CreateDatabaseFile()
    {
        try
        {
            PrivateFile.Open(DatabasePath, FileShare.ReadWrite).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data directory {Path} cannot be written: {e.Message}", e);
        }
    }

    private static string CreateFolder(string path)
    {
        try
        {
            var fullPath = System.IO.Path.GetFullPath(path);
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(fullPath);
            else Directory.CreateDirectory(fullPath, PrivateFile.FolderMode);
            return fullPath;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new DataDirectoryException($"The data directory {path} cannot be created: {e.Message}", e);
        }
    }
}
