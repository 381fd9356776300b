namespace Snapshots.Silo;

/// <summary>The silo cannot start as it was told to. The message is one line for the person who started it.</summary>
internal sealed class StartupException(string message, Exception? innerException = null)
    : Exception(message, innerException);
