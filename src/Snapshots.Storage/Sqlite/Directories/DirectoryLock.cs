using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Snapshots.Storage;

/// <summary>
/// The exclusive lock on a data directory: its file <c>lock</c>, open and shared with nobody. The file stays when the
/// lock is freed, since removing it would let two owners in: one that locks the removed file and one that creates a
/// new one.
/// </summary>
/// <remarks>
/// The runtime takes this lock too, but not where a setting tells it to take none, and it goes on where the file system
/// has no locks. So it is taken once more, and a failure is an error. On Windows the lock of the runtime is the only
/// one.
/// </remarks>
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
            var file = PrivateFile.Open(path, FileShare.None);
            var error = 0;
            if (OperatingSystem.IsWindows() || NativeLock.TryTake(file.SafeFileHandle, out error))
                return new DirectoryLock(file);

            file.Dispose();
            throw new DataDirectoryException(
                NativeLock.IsHeld(error)
                    ? $"The data directory {directory} is held by another silo."
                    : $"The data directory {directory} cannot be locked: {Marshal.GetPInvokeErrorMessage(error)}. "
                        + "Use a file system with locks.");
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

    // ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeldByAnother(IOException e) =>
        NativeLock.IsHeld(e.HResult) || e.HResult == unchecked((int)0x80070020);
}

/// <summary>The lock <c>flock</c> of the operating system; it ends with its owner.</summary>
internal static class NativeLock
{
    private const int ExclusiveWithoutWait = 2 | 4;

    /// <summary>Takes the lock of an open file; taking it again is harmless.</summary>
    public static bool TryTake(SafeFileHandle file, out int error)
    {
        var isTaken = Flock(file, ExclusiveWithoutWait) == 0;
        error = isTaken ? 0 : Marshal.GetLastPInvokeError();
        return isTaken;
    }

    /// <summary>EWOULDBLOCK on Linux and on macOS.</summary>
    public static bool IsHeld(int error) => error is 11 or 35;

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flock(SafeFileHandle file, int operation);
}
