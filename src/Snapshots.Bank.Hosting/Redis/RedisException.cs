namespace Snapshots.Bank.Hosting;

/// <summary>
/// A Redis cannot be used. The message is one line that names it and the reason; it is meant for the person who started the program.
/// </summary>
public sealed class RedisException : Exception
{
    internal RedisException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
