namespace Snapshots.Documents;

/// <summary>
/// A text is not JSON, or not the document of a completed global state. The message is one line that says where and
/// what.
/// </summary>
public sealed class DocumentFormatException : Exception
{
    internal DocumentFormatException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
