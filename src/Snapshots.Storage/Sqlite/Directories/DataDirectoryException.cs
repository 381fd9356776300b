namespace Snapshots.Storage;

/// <summary>
/// A data directory cannot be used: it cannot be created or written, another silo holds it, or its database is damaged,
/// foreign, or newer than this program. The message is one line and names the path and the reason; it is meant for the
/// person who started the program. The cause, where there is one, is the inner exception.
/// </summary>
public sealed class DataDirectoryException : Exception
{
    internal DataDirectoryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
